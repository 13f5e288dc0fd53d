import type { ProgrammeDocument, Texts } from '../document.ts';
import type { Finding, Place } from './finding.ts';

type CafeOf = ProgrammeDocument['cafes'][number];

/**
 * A time of a file: an instant, a local time of a day, or a local time without its day. An instant has the offset that is written with it, in
 * minutes. `written`: the day and the clock of an instant that ends in `Z` though another field says that clock is the local one.
 */
export type Moment =
  | { instant: string; offset: number; written?: { day: string; clock: string } }
  | { instant?: undefined; day?: string; clock: string };

/** One entry of a file, with what the file says and nothing more. */
export interface ImportedEntry {
  /** Names the entry in `Answers`: its row in a table, else its number from 1 on. */
  key: string;
  place: Place;
  /** What identifies the entry in later versions of the file. */
  sourceId?: string;
  /** The same without its room, where the file identifies entries by id and room. */
  baseId?: string;
  /** A short code that the file has for it. */
  code?: string;
  title?: string;
  /** The name of the room, as written. */
  room?: string;
  start?: Moment;
  end?: Moment;
  minutes?: number;
  /** The day of the programme to which it belongs, `YYYY-MM-DD`: an entry at 01:30 may belong to the day before. */
  day?: string;
  capacity?: number;
  language?: string;
  kind?: CafeOf['kind'];
  hosts?: string[];
  speakers?: CafeOf['speakers'];
  contacts?: CafeOf['contacts'];
  summary?: string;
  audience?: string[];
  takeaways?: string[];
  agenda?: Texts['agenda'];
  keywords?: string[];
}

export interface ImportedRoom {
  name: string;
  capacity?: number;
}

/** What a file says of its event. */
export interface ImportedEvent {
  title?: string;
  slug?: string;
  timeZone?: string;
  /** The days of the event, `YYYY-MM-DD`. */
  firstDay?: string;
  lastDay?: string;
}

/** A programme as a file has it: the same for every kind of file that has no times and codes of ours. */
export interface ImportedProgramme {
  event: ImportedEvent;
  rooms: ImportedRoom[];
  entries: ImportedEntry[];
  findings: Finding[];
}

/** A column of a table, with its field; without one it is not read. */
export interface Column {
  /** Its heading; empty where it has none. */
  heading: string;
  /** Its letters in a sheet: `A`, `AB`. */
  letters: string;
  /** Some of its values, for a person who chooses the field. */
  examples: string[];
}

/** A table before its columns are mapped. `rows` are the rows below the heading, with their numbers in the file. */
export interface ImportedTable {
  columns: Column[];
  rows: { number: number; cells: string[] }[];
  findings: Finding[];
}

/** The kinds of files that are read, as `FileKind` names them. */
export type ImportKind = 'json' | 'yaml' | 'frab-json' | 'frab-xml' | 'csv' | 'xlsx' | 'text' | 'pdf' | 'docx';

/** What a reader makes of a file. It is plain JSON: it goes from the reading thread to the database and back. */
export type ReadImport =
  | { kind: ImportKind; form: 'document'; document: unknown; findings: Finding[] }
  | { kind: ImportKind; form: 'programme'; programme: ImportedProgramme }
  | { kind: ImportKind; form: 'table'; table: ImportedTable };
