import type { ProgrammeDocument } from '../document.ts';

/** What a load may do in addition to adding items and changing fields that only the file changed. */
export interface LoadOptions {
  /** Report the differences, and write nothing. */
  dryRun?: boolean;
  /** Keep the rooms and Cafés that are no longer in the file, instead of refusing the load. */
  keepMissing?: boolean;
  /** Remove the rooms and Cafés that are no longer in the file. */
  remove?: boolean;
  /** Rename rooms, Cafés and the event that have another code in the file. */
  rename?: boolean;
  /** Move Cafés with registrations, and send their attendees a mail. */
  move?: boolean;
  /**
   * What to do with changes that an organiser made after the last load: `overwrite` them with the file, or `keep` them where the file
   * changed the same field.
   */
  organisers?: 'overwrite' | 'keep';
  /** What to do where no load is known to which an organiser's change can be compared: `overwrite` with the file, or refuse. */
  unknown?: 'overwrite';
  /** The state of new Cafés. Default `open`. */
  as?: 'draft';
}

/** One difference between a file and the database. `from` and `to` are values of `field`, in the form of the document. */
export interface Difference {
  about: 'event' | 'room' | 'cafe';
  /** The code of the room or Café, or the slug of the event. */
  code: string;
  change: 'added' | 'changed' | 'removed' | 'renamed';
  field?: string;
  from?: unknown;
  to?: unknown;
  /**
   * `kept`: the database stays unchanged, because an organiser changed it and the file did not. `refused`: nothing of the file is loaded.
   */
  outcome: 'done' | 'kept' | 'refused';
  /** Why the difference is kept or refused, and which option changes that. */
  reason?: string;
}

/** The three programmes of a comparison: the last loaded one (if it is known), the file, and the database. */
export interface Programmes {
  loaded?: ProgrammeDocument;
  file: ProgrammeDocument;
  current: ProgrammeDocument;
}
