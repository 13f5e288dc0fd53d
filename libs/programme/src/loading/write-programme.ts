import { isDeepStrictEqual } from 'node:util';
import type { ProgrammeDocument } from '../document.ts';
import type { Transaction } from '../writing/author.ts';
import {
  addCafe,
  type CafeOf,
  type CafeRefusal,
  cafesWithRegistrations,
  removeCafes,
  writeCafe,
} from '../writing/write-cafe.ts';
import { writeEvent } from '../writing/write-event.ts';
import { addRoom, removeRoom, shrinkRoom, writeRoom } from '../writing/write-room.ts';
import type { Difference } from './difference.ts';
import type { StoredProgramme } from './stored-programme.ts';

/** Refuses a difference that turns out to be impossible while it is written; the transaction is rolled back at the end. */
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
    differences
      .filter((each) => each.about === about && each.change === 'removed' && each.outcome === 'done')
      .map(({ code }) => code);

  const roomIds = new Map<string, string>();
  for (const [position, room] of result.rooms.entries()) {
    roomIds.set(room.code, await growRoom(transaction, stored, codeBefore('room', room.code), { ...room, position }));
  }
  await takeCafesAway(transaction, removed('cafe'), stored, refuse);
  for (const [position, cafe] of result.cafes.entries()) {
    const before = codeBefore('cafe', cafe.code);
    const roomId = roomIds.get(cafe.room) as string;
    const there = stored.cafes.get(before);
    if (!there) {
      await addCafe(transaction, stored.eventId, { cafe, roomId, position });
      continue;
    }
    const now = stored.document.cafes.find(({ code }) => code === before) as CafeOf;
    const { id, position: nowPosition, taken, waitlisted } = there;
    const nowRoomId = stored.roomIds.get(now.room) as string;
    const writing = { id, now, cafe, roomId, nowRoomId, position, nowPosition, taken, waitlisted };
    const { refused: refusal } = await writeCafe(transaction, writing, {});
    if (refusal) refuseCafe(refuse, cafe.code, id, refusal);
  }
  await shrinkRooms(transaction, result.rooms, roomIds, refuse);
  await removeRooms(transaction, removed('room'), stored, refuse);
  if (!isDeepStrictEqual(stored.document.event, result.event)) {
    await writeEvent(transaction, stored.eventId, result.event, stored.document.event);
  }
  return refused;
}

/** Writes a room; one that becomes smaller keeps its capacity for now (`shrinkRooms`). Returns its id. */
async function growRoom(
  transaction: Transaction,
  { eventId, document, roomIds, positions }: StoredProgramme,
  before: string,
  room: ProgrammeDocument['rooms'][number] & { position: number },
): Promise<string> {
  const id = roomIds.get(before);
  if (!id) return addRoom(transaction, eventId, room);
  const now = document.rooms.find(({ code }) => code === before);
  const grown = { ...room, capacity: Math.max(room.capacity, now?.capacity ?? 0) };
  if (!isDeepStrictEqual({ ...now, position: positions.get(before) }, grown)) await writeRoom(transaction, id, grown);
  return id;
}

function refuseCafe(refuse: Refuse, code: string, id: string, { field, answer: { outcome } }: CafeRefusal): void {
  const what = { about: 'cafe', code, change: 'changed', field } as const;
  const page = `/organiser/cafes/${id}`;
  if (field === 'time') {
    refuse(what, `it cannot be moved (${outcome}): move it on the page ${page}, which shows who is concerned`);
  } else refuse(what, `it cannot be changed (${outcome}): see the page ${page}`);
}

/** Deletes Cafés that nobody ever registered for. The others become drafts: their registrations and their ledger stay. */
async function takeCafesAway(
  transaction: Transaction,
  codes: string[],
  stored: StoredProgramme,
  refuse: Refuse,
): Promise<void> {
  const ids = codes.map((code) => stored.cafes.get(code)?.id as string);
  const used = await cafesWithRegistrations(transaction, ids);
  await removeCafes(
    transaction,
    ids.filter((id) => !used.has(id)),
  );
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
    const taken = await shrinkRoom(transaction, id, capacity);
    if (taken === undefined) continue;
    refuse(
      { about: 'room', code, change: 'changed', field: 'capacity' },
      `${taken} seats are taken at one time by its Cafés together: give the room at least ${taken} seats, or move one of them as an organiser first`,
    );
  }
}

async function removeRooms(
  transaction: Transaction,
  codes: string[],
  stored: StoredProgramme,
  refuse: Refuse,
): Promise<void> {
  for (const code of codes) {
    const what = { about: 'room', code, change: 'removed' } as const;
    const use = await removeRoom(transaction, stored.roomIds.get(code) as string);
    if (use?.hosts)
      refuse(
        what,
        `it has hosts: take their roles back first (npm run comptoir -- people list --event ${stored.document.event.slug} --room ${code})`,
      );
    else if (use) refuse(what, 'it has Cafés that stay, as they had registrations: leave the room in the file');
  }
}
