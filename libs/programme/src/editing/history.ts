import { AuditLog, type RecordedEntry } from '#audit-log';
import { type AuditWhat, ProblemError } from '#contract';
import type { Database } from '#platform';
import { undoChange } from './undo.ts';

/** What the history of a programme shows of the audit log. */
const OF_PROGRAMME: AuditWhat[] = [
  'event-created',
  'event-changed',
  'event-duplicated',
  'event-published',
  'event-withdrawn',
  'programme-loaded',
  'programme-imported',
  'room-created',
  'room-changed',
  'room-deleted',
  'rooms-reordered',
  'cafe-created',
  'cafe-changed',
  'cafe-duplicated',
  'cafe-moved',
  'cafe-opened',
  'cafe-closed',
  'cafe-cancelled',
  'cafe-restored',
  'cafe-deleted',
  'cafes-reordered',
  'change-undone',
];
/** What “what is new” may be made of. */
const NEWS: AuditWhat[] = ['cafe-created', 'cafe-changed', 'cafe-opened', 'cafe-moved', 'cafe-cancelled'];
/** For how long a change is new, in milliseconds, and how many changes are listed. */
const NEW_FOR_MS = 30 * 86_400_000;
const NEWS_MAX = 200;
/** How many entries a page of the history has. */
export const HISTORY_PAGE = 50;

/** Fields of Cafés that seats depend on: a change of them is not undone by its values alone. */
const SEAT_FIELDS = new Set(['time', 'room', 'capacity', 'state', 'waitlistOpen']);
const UNDOABLE = new Set<AuditWhat>(['event-changed', 'room-changed', 'cafe-changed']);

/** What is new: a Café was added or opened, moved, or cancelled. */
export interface News {
  id: string;
  at: string;
  change: 'added' | 'moved' | 'cancelled';
  cafeId: string;
  /** Of a move: the code of the room and the time, as far as they changed. */
  from?: Place;
  to?: Place;
}
interface Place {
  room?: string;
  startsAt?: string;
  endsAt?: string;
}

/** Reads the history of programmes in the audit log. */
export class ProgrammeHistory {
  readonly #database: Database;
  readonly #log: AuditLog;

  constructor(database: Database) {
    this.#database = database;
    this.#log = new AuditLog(database);
  }

  /** The entries of an event, latest first, `HISTORY_PAGE` and one at most. */
  list(eventId: string, before?: string): Promise<RecordedEntry[]> {
    return this.#log.list({ of: { eventId }, what: OF_PROGRAMME, before }, HISTORY_PAGE + 1);
  }

  /** Which of the entries can be undone: each the last one of its subject, without a change of seats. */
  async undoable(eventId: string, entries: RecordedEntry[]): Promise<Set<string>> {
    const latest = await this.#log.list({ of: { eventId }, what: OF_PROGRAMME }, 500);
    const lasts = new Map<string, string>();
    for (const { id, subject } of latest) if (subject.id && !lasts.has(subject.id)) lasts.set(subject.id, id);
    return new Set(
      entries
        .filter((entry) => isUndoable(entry) && lasts.get(entry.subject.id ?? '') === entry.id)
        .map(({ id }) => id),
    );
  }

  /** Undoes a change: see `undoChange`. */
  undo(eventId: string, changeId: string, by: string): Promise<RecordedEntry> {
    return undoChange(this.#database, () => this.toUndo(eventId, changeId), by);
  }

  /**
   * The entry of a change that can be undone.
   * @throws ProblemError `change-not-found`; `undo-over` where a later change is there, or seats depend on it
   */
  async toUndo(eventId: string, changeId: string): Promise<RecordedEntry> {
    const latest = await this.#log.list({ of: { eventId }, what: OF_PROGRAMME }, 500);
    const entry = latest.find(({ id }) => id === changeId);
    if (!entry) throw new ProblemError('change-not-found');
    const last = latest.find(({ subject }) => subject.id === entry.subject.id);
    if (last?.id !== entry.id || !isUndoable(entry)) throw new ProblemError('undo-over');
    return entry;
  }

  /** What is new since an event was published, latest first. The caller leaves out what is not shown now. */
  async news(eventId: string, publishedAt: string): Promise<News[]> {
    const from = new Date(Math.max(Date.parse(publishedAt), Date.now() - NEW_FOR_MS)).toISOString();
    const entries = await this.#log.list({ of: { eventId }, what: NEWS, from }, 500);
    return entries.flatMap((entry) => newsOf(entry) ?? []).slice(0, NEWS_MAX);
  }
}

function isUndoable({ what, before, after }: RecordedEntry): boolean {
  const fields = Object.keys({ ...before, ...after });
  return UNDOABLE.has(what) && fields.every((field) => !SEAT_FIELDS.has(field) || what !== 'cafe-changed');
}

function newsOf({ id, at, subject, before = {}, after = {} }: RecordedEntry): News | undefined {
  if (!subject.id) return undefined;
  const base = { id, at, cafeId: subject.id };
  if (after.state === 'cancelled') return { ...base, change: 'cancelled' };
  // A Café that is new to the public: made open, or no draft any more.
  if (
    after.state !== undefined &&
    after.state !== 'draft' &&
    (before.state === undefined || before.state === 'draft')
  ) {
    return { ...base, change: 'added' };
  }
  if (before.time === undefined && before.room === undefined) return undefined;
  return { ...base, change: 'moved', from: placeOf(before), to: placeOf(after) };
}

function placeOf({ time, room }: Record<string, unknown>): Place {
  return { ...(typeof room === 'string' && { room }), ...(time as Place | undefined) };
}
