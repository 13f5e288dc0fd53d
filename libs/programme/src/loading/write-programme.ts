import { isDeepStrictEqual } from 'node:util';
import type { ProgrammeDocument } from '../document.ts';
import type { Difference } from './difference.ts';
import type { StoredProgramme, Transaction } from './stored-programme.ts';

type CafeOf = ProgrammeDocument['cafes'][number];
type WrittenCafe = Omit<CafeOf, 'sourceId'> & { sourceId?: string | null };
/** Records a difference that cannot be written. The caller rolls the transaction back at the end. */
type Refuse = (difference: Pick<Difference, 'about' | 'code' | 'change' | 'field'>, reason: string) => void;

/**
 * Writes a compared programme. The counts of the Cafés are locked by the caller. The order makes each step possible: rooms become larger;
 * Cafés are removed, moved and added; rooms become smaller or are removed. The row of the event is written last, as the trigger
 * programme_version does.
 */
export async function writeProgramme(
  transaction: Transaction,
  {
    stored,
    result,
    differences,
  }: {
    stored: StoredProgramme;
    result: ProgrammeDocument;
    differences: Difference[];
  },
): Promise<Difference[]> {
  const refused: Difference[] = [];
  const refuse: Refuse = (what, reason) => refused.push({ ...what, outcome: 'refused', reason });
  const codeBefore = (about: Difference['about'], code: string) =>
    (differences.find((each) => each.about === about && each.change === 'renamed' && each.code === code)
      ?.from as string) ?? code;
  const removed = (about: Difference['about']) =>
    differences.filter((each) => each.about === about && each.change === 'removed' && each.outcome === 'done');

  const roomIds = new Map<string, string>();
  for (const [position, room] of result.rooms.entries()) {
    const before = codeBefore('room', room.code);
    roomIds.set(room.code, await writeRoom(transaction, stored, before, { ...room, position }));
  }
  await removeCafes(
    transaction,
    removed('cafe').map(({ code }) => code),
    stored,
    refuse,
  );
  for (const [position, cafe] of result.cafes.entries()) {
    const before = codeBefore('cafe', cafe.code);
    const roomId = roomIds.get(cafe.room) as string;
    const storedCafe = stored.cafes.get(before);
    if (!storedCafe) await addCafe(transaction, stored.eventId, { cafe, roomId, position });
    else {
      const now = stored.document.cafes.find(({ code }) => code === before) as CafeOf;
      await changeCafe(
        transaction,
        { cafe, now, storedCafe, roomId, nowRoomId: stored.roomIds.get(now.room) as string, position },
        refuse,
      );
    }
  }
  await shrinkRooms(transaction, result.rooms, roomIds, refuse);
  await removeRooms(
    transaction,
    removed('room').map(({ code }) => code),
    stored,
    refuse,
  );
  await writeEvent(transaction, stored, result.event);
  return refused;
}

async function writeEvent(transaction: Transaction, stored: StoredProgramme, event: ProgrammeDocument['event']) {
  if (isDeepStrictEqual(stored.document.event, event)) return;
  const data = { ...event, startsAt: new Date(event.startsAt), endsAt: new Date(event.endsAt) };
  await transaction.event.update({ where: { id: stored.eventId }, data });
}

/** Writes a room. A room that becomes smaller keeps its capacity until `shrinkRooms`. Returns its id. */
async function writeRoom(
  transaction: Transaction,
  { eventId, document, roomIds, positions }: StoredProgramme,
  before: string,
  room: ProgrammeDocument['rooms'][number] & { position: number },
): Promise<string> {
  const id = roomIds.get(before);
  if (!id) return (await transaction.room.create({ data: { eventId, ...room }, select: { id: true } })).id;
  const now = document.rooms.find(({ code }) => code === before);
  const data = { ...room, capacity: Math.max(room.capacity, now?.capacity ?? 0) };
  if (!isDeepStrictEqual({ ...now, position: positions.get(before) }, data)) {
    await transaction.room.update({ where: { id }, data });
  }
  return id;
}

function columnsOf({ code, kind, texts, hosts, speakers, contacts, language, sourceId = null }: WrittenCafe) {
  return { code, kind, texts, hosts, speakers, contacts, language, sourceId };
}

async function addCafe(
  transaction: Transaction,
  eventId: string,
  { cafe, roomId, position }: { cafe: CafeOf; roomId: string; position: number },
): Promise<void> {
  const [startsAt, endsAt] = [new Date(cafe.startsAt), new Date(cafe.endsAt)];
  const data = { eventId, roomId, position, startsAt, endsAt, ...columnsOf(cafe) };
  const { id } = await transaction.cafe.create({ data, select: { id: true } });
  const { capacity, state = 'open', waitlistOpen = true } = cafe;
  await transaction.$executeRaw`select cafe_seats_open(${id}::uuid, ${capacity}::integer, ${state}::cafe_state, ${waitlistOpen})`;
}

interface CafeChange {
  cafe: CafeOf;
  now: CafeOf;
  storedCafe: { id: string; position: number; taken: number; waitlisted: number };
  roomId: string;
  nowRoomId: string;
  position: number;
}

/** Changes a Café: first its time and room, then its texts, and its counts with the seat engine. */
async function changeCafe(transaction: Transaction, change: CafeChange, refuse: Refuse): Promise<void> {
  const { cafe, now, storedCafe, roomId, nowRoomId, position } = change;
  const moves = roomId !== nowRoomId || cafe.startsAt !== now.startsAt || cafe.endsAt !== now.endsAt;
  const byEngine = moves && storedCafe.taken + storedCafe.waitlisted > 0;
  if (byEngine) {
    const outcome = await moveByEngine(transaction, change);
    if (outcome !== 'moved') {
      refuse(
        { about: 'cafe', code: cafe.code, change: 'changed', field: 'time' },
        `it cannot be moved (${outcome}): move it on the page /organiser/cafes/${storedCafe.id}, which shows who is concerned`,
      );
      return;
    }
  }
  const [startsAt, endsAt] = [new Date(cafe.startsAt), new Date(cafe.endsAt)];
  const place = moves && !byEngine ? { roomId, startsAt, endsAt } : {};
  const texts = isDeepStrictEqual(columnsOf(cafe), columnsOf(now)) ? {} : columnsOf(cafe);
  const data = { ...texts, ...place, ...(position !== storedCafe.position && { position }) };
  if (Object.keys(data).length > 0) await transaction.cafe.update({ where: { id: storedCafe.id }, data });
  await changeCounts(transaction, change, byEngine, refuse);
}

async function moveByEngine(
  transaction: Transaction,
  { cafe, storedCafe, roomId }: CafeChange,
): Promise<string | undefined> {
  const [moved] = await transaction.$queryRaw<{ outcome: string }[]>`
    select outcome from seats_move_cafe(${storedCafe.id}::uuid, ${roomId}::uuid, ${cafe.startsAt}::timestamptz, ${cafe.endsAt}::timestamptz,
      ${cafe.capacity}::integer, null, false, null, ${storedCafe.taken}::integer)`;
  return moved?.outcome;
}

async function changeCounts(
  transaction: Transaction,
  { cafe, now, storedCafe }: CafeChange,
  movedByEngine: boolean,
  refuse: Refuse,
): Promise<void> {
  const capacity = cafe.capacity !== now.capacity && !movedByEngine ? cafe.capacity : null;
  const state = cafe.state !== now.state ? (cafe.state ?? null) : null;
  const waitlistOpen = cafe.waitlistOpen !== now.waitlistOpen ? (cafe.waitlistOpen ?? null) : null;
  if (capacity === null && state === null && waitlistOpen === null) return;
  const [changed] = await transaction.$queryRaw<{ outcome: string }[]>`
    select outcome from seats_change_cafe(${storedCafe.id}::uuid, ${capacity}::integer, false, ${state}::cafe_state, ${waitlistOpen}::boolean, null)`;
  if (changed?.outcome !== 'changed') {
    refuse(
      { about: 'cafe', code: cafe.code, change: 'changed', field: capacity === null ? 'state' : 'capacity' },
      `it cannot be changed (${changed?.outcome}): see the page /organiser/cafes/${storedCafe.id}`,
    );
  }
}

/** Deletes Cafés without registrations. The other Cafés become drafts, and keep their registrations and their ledger. */
async function removeCafes(
  transaction: Transaction,
  codes: string[],
  stored: StoredProgramme,
  refuse: Refuse,
): Promise<void> {
  const ids = codes.map((code) => stored.cafes.get(code)?.id as string);
  const [found] = await transaction.$queryRaw<
    { ids: string[] }[]
  >`select cafes_with_registrations(${ids}::uuid[]) as ids`;
  const used = new Set(found?.ids);
  await transaction.cafe.deleteMany({ where: { id: { in: ids.filter((id) => !used.has(id)) } } });
  for (const [index, code] of codes.entries()) {
    const id = ids[index] as string;
    if (!used.has(id)) continue;
    const [changed] = await transaction.$queryRaw<{ outcome: string }[]>`
      select outcome from seats_change_cafe(${id}::uuid, null, false, 'draft', null, null)`;
    if (changed?.outcome !== 'changed') {
      refuse(
        { about: 'cafe', code, change: 'removed' },
        'it is cancelled, and people had a seat in it: leave it in the file as cancelled',
      );
    }
  }
}

/** Makes rooms smaller, but not smaller than the seats that are taken at the same time in them. */
async function shrinkRooms(
  transaction: Transaction,
  rooms: ProgrammeDocument['rooms'],
  ids: Map<string, string>,
  refuse: Refuse,
): Promise<void> {
  const current = await transaction.room.findMany({ where: { id: { in: [...ids.values()] } } });
  const capacities = new Map(current.map(({ id, capacity }) => [id, capacity]));
  for (const { code, capacity } of rooms) {
    const id = ids.get(code) as string;
    if (capacity >= (capacities.get(id) as number)) continue;
    const [seats] = await transaction.$queryRaw<{ taken: number }[]>`select room_seats_taken(${id}::uuid) as taken`;
    const taken = seats?.taken ?? 0;
    if (capacity >= taken) await transaction.room.update({ where: { id }, data: { capacity } });
    else {
      refuse(
        { about: 'room', code, change: 'changed', field: 'capacity' },
        `${taken} seats are taken at one time by its Cafés together: give the room at least ${taken} seats, or move one of them as an organiser first`,
      );
    }
  }
}

async function removeRooms(
  transaction: Transaction,
  codes: string[],
  stored: StoredProgramme,
  refuse: Refuse,
): Promise<void> {
  for (const code of codes) {
    const id = stored.roomIds.get(code) as string;
    const what = { about: 'room', code, change: 'removed' } as const;
    const [hosts] = await transaction.$queryRaw<{ has: boolean }[]>`select room_has_hosts(${id}::uuid) as has`;
    if (hosts?.has)
      refuse(
        what,
        `it has hosts: take their roles back first (npm run comptoir -- people list --event ${stored.document.event.slug} --room ${code})`,
      );
    else if ((await transaction.cafe.count({ where: { roomId: id } })) > 0) {
      refuse(what, 'it has Cafés that stay, as they had registrations: leave the room in the file');
    } else await transaction.room.delete({ where: { id } });
  }
}
