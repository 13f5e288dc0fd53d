/** Reads, checks and loads events, rooms and Cafés. Owner of the tables event, room and cafe. */
export { demonstrationProgramme } from './demonstration.ts';
export {
  checkProgramme,
  type DocumentError,
  InvalidProgramme,
  ProgrammeDocument,
  programmeSchema,
  type SpeakerFacts,
  type Texts,
} from './document.ts';
export { CafeEditing } from './editing/cafe-editing.ts';
export type { CafeChanged } from './editing/change-cafe.ts';
export { type EventChanged, EventEditing } from './editing/event-editing.ts';
export { HISTORY_PAGE, type News, ProgrammeHistory } from './editing/history.ts';
export { fieldChanges, type Impact } from './editing/impact.ts';
export { missingTranslations } from './editing/missing.ts';
export { RoomEditing } from './editing/room-editing.ts';
export { type PublishedProgramme, readPublishedProgramme } from './exporting/published-programme.ts';
export { scheduleJson, scheduleXml } from './exporting/schedule.ts';
export type { Answers } from './importing/answers.ts';
export type { Assembled } from './importing/assemble.ts';
export { assembleImport } from './importing/assemble-import.ts';
export { FileReader, ReaderBusy } from './importing/file-reader.ts';
export { describeFinding, describePlace, type Finding } from './importing/finding.ts';
export { ImportNotReady, type ImportOptions, type ImportPreview, Imports } from './importing/imports.ts';
export { readImport } from './importing/read-import.ts';
export type { Difference, LoadOptions } from './loading/difference.ts';
export { exportProgramme, type Loaded, LoadRefused, LoadRunning, loadProgramme } from './loading/load-programme.ts';
export { localiseCafe, localiseEvent, localiseTexts } from './localise.ts';
export {
  type CafeFacts,
  type EventFacts,
  Programme,
  type ProgrammeFacts,
  type RoomFacts,
} from './programme-records.ts';
export { fileKind } from './reading/file-kind.ts';
export { readJsonFile, readProgrammeFile } from './reading/read-file.ts';
export { type Doubt, type DraftProgramme, readProgrammeText } from './reading/text-reader.ts';
export { UnreadableDocument, unreadableTexts } from './reading/unreadable.ts';
