import { isDeepStrictEqual } from 'node:util';
import type { ProgrammeDocument } from '../document.ts';
import type { Author, Transaction } from './author.ts';

export type CafeOf = ProgrammeDocument['cafes'][number];

/** A change of a Café: what is there, and what it becomes. */
export interface CafeWriting {
  id: string;
  now: CafeOf;
  cafe: CafeOf;
  /** The rooms of `now` and of `cafe`. */
  nowRoomId: string;
  roomId: string;
  nowPosition: number;
  position: number;
  /** How many people have a seat, or wait for one. The counts are locked. */
  taken: number;
  waitlisted: number;
}

/** What a seat function answers. `outcome` other than `changed` and `moved`: nothing was done. */
export interface SeatAnswer {
  outcome: string;
  taken: number | null;
  waitlisted?: number | null;
  /** Of a move: the capacity that the Café would have. */
  capacity?: number | null;
  room_capacity: number | null;
  registration_ids: string[] | null;
}

/** Why a Café was not written. */
export interface CafeRefusal {
  /** What was refused: its place and time, its state or waitlist, or its capacity. */
  field: 'time' | 'state' | 'capacity';
  answer: SeatAnswer;
}

/** The columns of the texts and the people of a Café. */
function columnsOf({ code, kind, texts, hosts, speakers, contacts, language, sourceId }: CafeOf) {
  return { code, kind, texts, hosts, speakers, contacts, language, ...(sourceId !== undefined && { sourceId }) };
}

/** Adds a Café with its counts. Returns its id. */
export async function addCafe(
  transaction: Transaction,
  eventId: string,
  { cafe, roomId, position }: { cafe: CafeOf; roomId: string; position: number },
): Promise<string> {
  const [startsAt, endsAt] = [new Date(cafe.startsAt), new Date(cafe.endsAt)];
  const data = { eventId, roomId, position, startsAt, endsAt, ...columnsOf(cafe) };
  const { id } = await transaction.cafe.create({ data, select: { id: true } });
  const { capacity, state = 'open', waitlistOpen = true } = cafe;
  await transaction.$executeRaw`select cafe_seats_open(${id}::uuid, ${capacity}::integer, ${state}::cafe_state, ${waitlistOpen})`;
  return id;
}

/**
 * Changes a Café: first its time and room, then its texts, then its counts. Seats are changed by the seat engine alone.
 * @param always also asks the engine where the values stay, which makes a pending closing final
 * @returns the registrations that changed, or why nothing of it may stand: the caller rolls back
 */
export async function writeCafe(
  transaction: Transaction,
  writing: CafeWriting,
  author: Author,
  always: { move?: boolean; counts?: boolean } = {},
): Promise<{ registrationIds: string[]; refused?: CafeRefusal }> {
  const { id, cafe, now, roomId, nowRoomId, position, nowPosition, taken, waitlisted } = writing;
  const moves = roomId !== nowRoomId || cafe.startsAt !== now.startsAt || cafe.endsAt !== now.endsAt;
  const byEngine = always.move || (moves && taken + waitlisted > 0);
  const registrationIds: string[] = [];
  if (byEngine) {
    const answer = await moveByEngine(transaction, writing, author);
    if (answer.outcome !== 'moved') return { registrationIds, refused: { field: 'time', answer } };
    registrationIds.push(...(answer.registration_ids ?? []));
  }
  const [startsAt, endsAt] = [new Date(cafe.startsAt), new Date(cafe.endsAt)];
  const place = moves && !byEngine ? { roomId, startsAt, endsAt } : {};
  const texts = isDeepStrictEqual(columnsOf(cafe), columnsOf(now)) ? {} : columnsOf(cafe);
  const data = { ...texts, ...place, ...(position !== nowPosition && { position }) };
  if (Object.keys(data).length > 0) await transaction.cafe.update({ where: { id }, data });

  const capacity = cafe.capacity !== now.capacity && !byEngine ? cafe.capacity : null;
  const state = cafe.state !== now.state || always.counts ? (cafe.state ?? null) : null;
  const waitlistOpen = cafe.waitlistOpen !== now.waitlistOpen || always.counts ? (cafe.waitlistOpen ?? null) : null;
  if (capacity === null && state === null && waitlistOpen === null) return { registrationIds };
  const answer = await changeByEngine(transaction, id, { capacity, state, waitlistOpen }, author);
  if (answer.outcome === 'changed')
    return { registrationIds: [...registrationIds, ...(answer.registration_ids ?? [])] };
  return { registrationIds, refused: { field: capacity === null ? 'state' : 'capacity', answer } };
}

async function moveByEngine(transaction: Transaction, writing: CafeWriting, author: Author): Promise<SeatAnswer> {
  const { id, cafe, roomId, taken } = writing;
  const { clashes, excess, by, expectTaken = taken, reason } = author;
  const [moved] = await transaction.$queryRaw<SeatAnswer[]>`
    select * from seats_move_cafe(${id}::uuid, ${roomId}::uuid, ${cafe.startsAt}::timestamptz, ${cafe.endsAt}::timestamptz,
      ${cafe.capacity}::integer, ${clashes ?? null}, ${excess === 'cancel'}, ${by ?? null}::uuid, ${expectTaken}::integer, null,
      ${reason ?? null})`;
  return moved as SeatAnswer;
}

async function changeByEngine(
  transaction: Transaction,
  id: string,
  { capacity, state, waitlistOpen }: { capacity: number | null; state: string | null; waitlistOpen: boolean | null },
  { asTarget = false, by, expectTaken, expectWaitlisted, undoable = false, reason }: Author,
): Promise<SeatAnswer> {
  const [changed] = await transaction.$queryRaw<SeatAnswer[]>`
    select * from seats_change_cafe(${id}::uuid, ${capacity}::integer, ${asTarget}, ${state}::cafe_state, ${waitlistOpen}::boolean,
      ${by ?? null}::uuid, ${expectTaken ?? null}::integer, ${expectWaitlisted ?? null}::integer, ${undoable}, null,
      ${reason ?? null})`;
  return changed as SeatAnswer;
}

/** Those of the Cafés in which somebody ever had a registration. They cannot be deleted: receipts and the ledger stay. */
export async function cafesWithRegistrations(transaction: Transaction, ids: string[]): Promise<Set<string>> {
  const [found] = await transaction.$queryRaw<
    { ids: string[] }[]
  >`select cafes_with_registrations(${ids}::uuid[]) as ids`;
  return new Set(found?.ids);
}

/** Deletes Cafés in which nobody ever had a registration. */
export async function removeCafes(transaction: Transaction, ids: string[]): Promise<void> {
  await transaction.cafe.deleteMany({ where: { id: { in: ids } } });
}
