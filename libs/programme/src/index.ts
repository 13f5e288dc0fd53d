/** Events, rooms and Cafés: reading, checking and loading a programme. Owner of the tables event, room and cafe. */
export {
  checkProgramme,
  demonstrationProgramme,
  type Fault,
  ProgrammeDocument,
  ProgrammeFaults,
  type SpeakerFacts,
  type Texts,
} from './document.ts';
export { type Loaded, loadProgramme } from './load-programme.ts';
export { localiseCafe, localiseEvent } from './localise.ts';
export {
  type CafeFacts,
  type EventFacts,
  Programme,
  type ProgrammeFacts,
  type RoomFacts,
} from './programme-records.ts';
export { type Doubt, type DraftProgramme, ReadFault, readProgrammeDocument } from './text-reader.ts';
