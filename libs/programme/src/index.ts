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
export { type Loaded, loadProgramme } from './load.ts';
export {
  type CafeFacts,
  type EventFacts,
  localiseCafe,
  localiseEvent,
  openProgramme,
  Programme,
  type RoomFacts,
} from './programme.ts';
export { type Doubt, type DraftProgramme, ReadFault, readProgrammeDocument } from './read.ts';
