import { changedFields, type RecordedEntry, recordAuditEntry } from '#audit-log';
import { type EventChange, ProblemError } from '#contract';
import type { Database } from '#platform';
import { cafeOf, type Fields } from '../loading/fields.ts';
import { writeCafe } from '../writing/write-cafe.ts';
import { EventEditing } from './event-editing.ts';
import { RoomEditing } from './room-editing.ts';
import { fieldsOf, readCafe, titleOf } from './stored.ts';
import { inChange } from './transaction.ts';

/** Reads the entry of a change that can be undone: see `ProgrammeHistory.toUndo`. */
type ToUndo = () => Promise<RecordedEntry>;

/**
 * Undoes the last change of an event, a room, or the texts and people of a Café: the values before it come back, as a change of its own.
 * @returns the entry that was undone
 * @throws ProblemError `change-not-found`; `undo-over` where a later change is there, or seats depend on it; those of a change
 */
export async function undoChange(database: Database, toUndo: ToUndo, by: string): Promise<RecordedEntry> {
  const entry = await toUndo();
  const { subject, before = {}, after = {} } = entry;
  const id = subject.id ?? '';
  switch (subject.kind) {
    case 'cafe':
      await undoCafe(database, id, toUndo, by);
      return entry;
    case 'room':
      await new RoomEditing(database).change(id, before, { by });
      return entry;
    case 'event':
      await new EventEditing(database).change(id, eventBefore(before, after), { by });
      return entry;
  }
  throw new ProblemError('undo-over');
}

/** The entry is read again under the lock of the Café. */
async function undoCafe(database: Database, id: string, toUndo: ToUndo, by: string): Promise<void> {
  await inChange(database, async (transaction) => {
    const stored = await readCafe(transaction, id, 'cafe');
    const { before = {} } = await toUndo();
    const { document: now, event, room, position, taken, waitlisted } = stored;
    const { code, ...fields }: Fields = { ...fieldsOf(now), ...before };
    const cafe = cafeOf(code as string, fields);
    const same = { nowRoomId: room.id, roomId: room.id, nowPosition: position, position, taken, waitlisted };
    await writeCafe(transaction, { id, now, cafe, ...same }, { by });
    await recordAuditEntry(transaction, {
      what: 'change-undone',
      subject: { kind: 'cafe', id, label: titleOf(cafe, event) },
      actorId: by,
      eventId: event.id,
      ...changedFields(fieldsOf(now), fieldsOf(cafe)),
    });
  });
}

/** The values of an event before a change. A language that the change added goes. */
function eventBefore(before: Fields, after: Fields): EventChange {
  const { title: earlier } = before;
  if (!earlier) return before as EventChange;
  const added = Object.keys((after.title ?? {}) as object).filter((tag) => !Object.hasOwn(earlier, tag));
  const title = { ...(earlier as object), ...Object.fromEntries(added.map((tag) => [tag, null])) };
  return { ...before, title } as EventChange;
}
