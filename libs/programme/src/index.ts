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
export type { Difference, LoadOptions } from './loading/difference.ts';
export { exportProgramme, type Loaded, LoadRefused, loadProgramme } from './loading/load-programme.ts';
export { localiseCafe, localiseEvent, localiseTexts } from './localise.ts';
export {
  type CafeFacts,
  type EventFacts,
  Programme,
  type ProgrammeFacts,
  type RoomFacts,
} from './programme-records.ts';
export { readJsonFile, readProgrammeFile } from './reading/read-file.ts';
export { type Doubt, type DraftProgramme, readProgrammeText } from './reading/text-reader.ts';
export { UnreadableDocument } from './reading/unreadable.ts';
