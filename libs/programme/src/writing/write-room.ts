import type { ProgrammeDocument } from '../document.ts';
import type { Transaction } from './author.ts';

type RoomOf = ProgrammeDocument['rooms'][number];

/** Adds a room at a position of the programme. Returns its id. */
export async function addRoom(transaction: Transaction, eventId: string, room: RoomOf & { position: number }) {
  return (await transaction.room.create({ data: { eventId, ...room }, select: { id: true } })).id;
}

/** Writes a room. A capacity below the seats that are taken at one time (`takenAtOnce`) violates a constraint. */
export async function writeRoom(transaction: Transaction, id: string, room: RoomOf & { position: number }) {
  await transaction.room.update({ where: { id }, data: room });
}

/** How many seats are taken at one time by the Cafés of a room together, at most. */
export async function takenAtOnce(transaction: Transaction, id: string): Promise<number> {
  const [seats] = await transaction.$queryRaw<{ taken: number }[]>`select room_seats_taken(${id}::uuid) as taken`;
  return seats?.taken ?? 0;
}

/**
 * Makes a room smaller, as far as the seats that are taken at one time by its Cafés together allow.
 * @returns the number of these seats where they are too many, and nothing was done
 */
export async function shrinkRoom(transaction: Transaction, id: string, capacity: number): Promise<number | undefined> {
  const taken = await takenAtOnce(transaction, id);
  if (capacity < taken) return taken;
  await transaction.room.update({ where: { id }, data: { capacity } });
  return undefined;
}

/** Deletes a room without Cafés and hosts. Returns what it has, where nothing was done. */
export async function removeRoom(
  transaction: Transaction,
  id: string,
): Promise<{ hosts: boolean; cafes: number } | undefined> {
  const [hosts] = await transaction.$queryRaw<{ has: boolean }[]>`select room_has_hosts(${id}::uuid) as has`;
  const cafes = await transaction.cafe.count({ where: { roomId: id } });
  if (hosts?.has || cafes > 0) return { hosts: hosts?.has ?? false, cafes };
  await transaction.room.delete({ where: { id } });
  return undefined;
}
