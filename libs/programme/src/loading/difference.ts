import type { ProgrammeDocument } from '../document.ts';

/** What a load may do beyond adding and changing what nobody else changed. */
export interface LoadOptions {
  /** Report, and write nothing. */
  dryRun?: boolean;
  /** Remove the rooms and Cafés that the file has not any more. */
  remove?: boolean;
  /** Give rooms, Cafés and the event that have another code in the file the new code. */
  rename?: boolean;
  /** Move Cafés with registrations, and tell their people. */
  move?: boolean;
  /** What an organiser changed after the last load: `overwrite` with the file, or `keep` where the file changed it as well. */
  organisers?: 'overwrite' | 'keep';
  /** The state of new Cafés. Default `open`. */
  as?: 'draft';
}

/** One difference between a file and the database. `from` and `to` are values of `field`, as the document has them. */
export interface Difference {
  about: 'event' | 'room' | 'cafe';
  /** The code of the room or Café, or the slug of the event. */
  code: string;
  change: 'added' | 'changed' | 'removed' | 'renamed';
  field?: string;
  from?: unknown;
  to?: unknown;
  /** `kept`: the database stays as it is, because an organiser changed it and the file did not. `refused`: nothing of the file is loaded. */
  outcome: 'done' | 'kept' | 'refused';
  /** Why it is kept or refused, and the option that does it all the same. */
  reason?: string;
}

/** The three programmes of a comparison: the last loaded one (if that is known), the file, and the database. */
export interface Programmes {
  loaded?: ProgrammeDocument;
  file: ProgrammeDocument;
  current: ProgrammeDocument;
}
