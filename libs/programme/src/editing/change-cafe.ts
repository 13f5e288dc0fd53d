import { changedFields, recordAuditEntry } from '#audit-log';
import { type AuditWhat, type CafeEdit, ProblemError } from '#contract';
import type { Author, Transaction } from '../writing/author.ts';
import { type CafeOf, writeCafe } from '../writing/write-cafe.ts';
import {
  checkCapacity,
  checkCode,
  checkFacts,
  checkTimes,
  editedCafe,
  refuseSeats,
  roomOfEvent,
} from './edited-cafe.ts';
import { fieldsOf, readCafe, type StoredCafe, titleOf } from './stored.ts';

/** What a change did. */
export interface CafeChanged {
  cafeId: string;
  eventId: string;
  /** The registrations that changed: screens show them. */
  registrationIds: string[];
  /** The entry of the audit log; undefined where nothing changed. */
  changeId?: string;
}

/** How an edit is done. `move`: by the rules of `POST /cafes/{id}/move`, also where the place stays. */
export interface EditOptions {
  by: string;
  expectVersion?: number;
  move?: boolean;
}

const PLACE = ['roomId', 'startsAt', 'endsAt'] as const;
const COUNTS = ['state', 'waitlistOpen'] as const;

/** Changes a Café in a transaction: see `CafeEditing.change`. */
export async function changeCafe(
  transaction: Transaction,
  id: string,
  edit: CafeEdit,
  { by, expectVersion, move = false }: EditOptions,
): Promise<CafeChanged> {
  const touchesSeats = move || [...PLACE, ...COUNTS, 'capacity'].some((name) => Object.hasOwn(edit, name));
  const frees = move || edit.state === 'cancelled' || PLACE.some((name) => edit[name] !== undefined);
  const stored = await readCafe(transaction, id, frees ? 'seats' : touchesSeats ? 'event' : 'cafe');
  const { document: now, event } = stored;
  if (expectVersion !== undefined && expectVersion !== stored.version) refuseOtherVersion(stored, edit, move);
  const room = edit.roomId ? await roomOfEvent(transaction, event.id, edit.roomId) : stored.room;
  const cafe = editedCafe(stored, edit, room);
  await checkEdit(transaction, stored, { cafe, edit, room, move });
  const { reason, asTarget, undoable, expectTaken, expectWaitlisted, clashes, excess } = edit;
  const author: Author = { by, reason, asTarget, undoable, expectTaken, expectWaitlisted, clashes, excess };
  const { position, taken, waitlisted } = stored;
  const { registrationIds, refused } = await writeCafe(
    transaction,
    {
      ...{ id, now, cafe, nowRoomId: stored.room.id, roomId: room.id, nowPosition: position, position },
      ...{ taken, waitlisted },
    },
    author,
    { move, counts: COUNTS.some((name) => edit[name] !== undefined) },
  );
  if (refused) refuseSeats(refused.answer, cafe);
  const changeId = await recordChange(transaction, stored, cafe, author);
  return { cafeId: id, eventId: event.id, registrationIds, ...(changeId && { changeId }) };
}

/** @throws ProblemError for an edit that cannot be done whatever the seats are */
async function checkEdit(
  transaction: Transaction,
  { id, document: now, event }: StoredCafe,
  { cafe, edit, room, move }: { cafe: CafeOf; edit: CafeEdit; room: StoredCafe['room']; move: boolean },
): Promise<void> {
  const moves = cafe.room !== now.room || cafe.startsAt !== now.startsAt || cafe.endsAt !== now.endsAt;
  // A move by its own call is checked by the seat engine, which also lets a Café leave the days of its event.
  if (moves && !move) checkTimes(cafe, event);
  if ((moves || edit.capacity !== undefined) && !move) checkCapacity(cafe.capacity, room);
  if (cafe.code !== now.code) await checkCode(transaction, event.id, cafe.code, id);
  if (edit.texts || edit.state) checkFacts(cafe, event);
}

/** The entry of the audit log for what differs; undefined where nothing does. */
async function recordChange(
  transaction: Transaction,
  { id, document: now, event }: StoredCafe,
  cafe: CafeOf,
  { by, reason }: Author,
): Promise<string | undefined> {
  const fields = changedFields(fieldsOf(now), fieldsOf(cafe));
  if (!fields) return undefined;
  return recordAuditEntry(transaction, {
    what: whatOf(now, cafe),
    subject: { kind: 'cafe', id, label: titleOf(cafe, event) },
    ...(by && { actorId: by }),
    eventId: event.id,
    ...fields,
    ...(reason && { reason }),
  });
}

function whatOf(now: CafeOf, cafe: CafeOf): AuditWhat {
  if (cafe.state !== now.state && cafe.state === 'cancelled') return 'cafe-cancelled';
  if (cafe.state !== now.state && cafe.state === 'closed') return 'cafe-closed';
  if (cafe.state !== now.state && cafe.state === 'open') return 'cafe-opened';
  const moves = cafe.room !== now.room || cafe.startsAt !== now.startsAt || cafe.endsAt !== now.endsAt;
  return moves ? 'cafe-moved' : 'cafe-changed';
}

/** @throws ProblemError `version-changed` {version, current}: the current values of what the edit names */
function refuseOtherVersion(stored: StoredCafe, edit: CafeEdit, move: boolean): never {
  const { document, room, version, capacity, targetCapacity } = stored;
  const { room: _room, ...facts } = document;
  const values: Record<string, unknown> = { ...facts, roomId: room.id, capacity };
  const names = move ? [...PLACE, 'capacity'] : Object.keys(edit);
  const current = Object.fromEntries(names.flatMap((name) => (name in values ? [[name, values[name]]] : [])));
  const target = 'capacity' in current && targetCapacity !== undefined ? { targetCapacity } : {};
  throw new ProblemError('version-changed', { version, current: { ...current, ...target } });
}
