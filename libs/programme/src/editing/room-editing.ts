import { changedFields, recordAuditEntry } from '#audit-log';
import { EVENT_ROOMS_MAX, type NewRoom, ProblemError, type RoomChange } from '#contract';
import type { Database } from '#platform';
import type { Transaction } from '../writing/author.ts';
import { addRoom, removeRoom, takenAtOnce, writeRoom } from '../writing/write-room.ts';
import { readEvent } from './stored.ts';
import { inChange, lockEvent } from './transaction.ts';

/** Adds, changes and deletes rooms for organisers. Each change is one transaction with its entry in the audit log. */
export class RoomEditing {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds a room at the end. Returns its id. @throws ProblemError `code-taken` {taken}, `limit-reached` {limit} */
  add(eventId: string, { name, capacity, code }: NewRoom, by: string): Promise<string> {
    return inChange(this.#database, async (transaction) => {
      await lockEvent(transaction, eventId);
      const rooms = await transaction.room.findMany({ where: { eventId }, select: { code: true, position: true } });
      if (rooms.length >= EVENT_ROOMS_MAX) throw new ProblemError('limit-reached', { limit: EVENT_ROOMS_MAX });
      const codes = new Set(rooms.map((room) => room.code));
      if (code !== undefined && codes.has(code)) throw new ProblemError('code-taken', { taken: code });
      const position = Math.max(-1, ...rooms.map((room) => room.position)) + 1;
      const room = { code: code ?? codeFrom(name, codes), name, capacity };
      const id = await addRoom(transaction, eventId, { ...room, position });
      const subject = { kind: 'room', id, label: name } as const;
      await recordAuditEntry(transaction, { what: 'room-created', subject, actorId: by, eventId, after: room });
      return id;
    });
  }

  /**
   * Changes a room.
   * @throws ProblemError `room-not-found`; `version-changed` {version, current}; `code-taken` {taken}; `room-too-small` {capacity, cafes}:
   *   Cafés with more seats; `room-too-small` {capacity, taken}: more seats are taken at one time
   */
  change(
    id: string,
    change: RoomChange,
    { by, expectVersion }: { by: string; expectVersion?: number },
  ): Promise<string | undefined> {
    return inChange(this.#database, async (transaction) => {
      const found = await transaction.room.findUnique({ where: { id } });
      if (!found) throw new ProblemError('room-not-found');
      await lockEvent(transaction, found.eventId);
      const { eventId, position, version, ...row } = await transaction.room.findUniqueOrThrow({ where: { id } });
      const now = { code: row.code, name: row.name, capacity: row.capacity };
      if (expectVersion !== undefined && expectVersion !== Number(version)) {
        const current = Object.fromEntries(Object.entries(now).filter(([name]) => Object.hasOwn(change, name)));
        throw new ProblemError('version-changed', { version: Number(version), current });
      }
      const room = { ...now, ...change };
      const fields = changedFields(now, room);
      if (!fields) return undefined;
      if (room.code !== now.code) await this.#checkCode(transaction, eventId, room.code);
      if (room.capacity < now.capacity) await this.#checkSeats(transaction, eventId, id, room.capacity);
      await writeRoom(transaction, id, { ...room, position });
      const subject = { kind: 'room', id, label: room.name } as const;
      return recordAuditEntry(transaction, { what: 'room-changed', subject, actorId: by, eventId, ...fields });
    });
  }

  /** Deletes a room. @throws ProblemError `room-not-found`; `room-in-use` {cafes, hosts} where it has Cafés or hosts */
  remove(id: string, by: string): Promise<void> {
    return inChange(this.#database, async (transaction) => {
      const room = await transaction.room.findUnique({ where: { id } });
      if (!room) throw new ProblemError('room-not-found');
      const { eventId, code, name, capacity } = room;
      await lockEvent(transaction, eventId);
      const use = await removeRoom(transaction, id);
      if (use) throw new ProblemError('room-in-use', { ...use });
      const before = { code, name, capacity };
      const subject = { kind: 'room', id, label: name } as const;
      await recordAuditEntry(transaction, { what: 'room-deleted', subject, actorId: by, eventId, before });
    });
  }

  /** Puts the rooms of an event in another order. @throws ProblemError `order-incomplete` where the ids are not those of all its rooms */
  reorder(eventId: string, ids: string[], by: string): Promise<void> {
    return inChange(this.#database, async (transaction) => {
      await lockEvent(transaction, eventId);
      const event = await readEvent(transaction, eventId);
      const rooms = await transaction.room.findMany({ where: { eventId }, select: { id: true, position: true } });
      const positions = new Map(rooms.map(({ id, position }) => [id, position]));
      if (new Set(ids).size !== rooms.length || !ids.every((id) => positions.has(id))) {
        throw new ProblemError('order-incomplete');
      }
      const moved = ids.flatMap((id, position) => (positions.get(id) === position ? [] : [{ id, position }]));
      if (moved.length === 0) return;
      for (const { id, position } of moved) await transaction.room.update({ where: { id }, data: { position } });
      const subject = { kind: 'event', id: eventId, label: event.slug } as const;
      const after = { ids: moved.map(({ id }) => id) };
      await recordAuditEntry(transaction, { what: 'rooms-reordered', subject, actorId: by, eventId, after });
    });
  }

  async #checkCode(transaction: Transaction, eventId: string, code: string): Promise<void> {
    const taken = await transaction.room.count({ where: { eventId, code } });
    if (taken > 0) throw new ProblemError('code-taken', { taken: code });
  }

  async #checkSeats(transaction: Transaction, eventId: string, id: string, capacity: number): Promise<void> {
    // Nobody takes a seat between the check and the change.
    await transaction.$executeRaw`select from cafe_seats_of_event(${eventId}::uuid, true)`;
    const cafes = await transaction.$queryRaw<{ cafe_id: string; capacity: number }[]>`
      select * from cafes_above_capacity(${id}::uuid, ${capacity}::integer)`;
    if (cafes.length > 0) {
      const larger = cafes.map((row) => ({ cafeId: row.cafe_id, capacity: row.capacity }));
      throw new ProblemError('room-too-small', { capacity, cafes: larger });
    }
    const taken = await takenAtOnce(transaction, id);
    if (capacity < taken) throw new ProblemError('room-too-small', { capacity, taken });
  }
}

/** A code from the name of a room, such as `salle-etoile-3`, that no other room has. */
export function codeFrom(name: string, taken: Set<string>): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 34)
    .replace(/^-+|-+$/g, '');
  const code = plain || 'x';
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? code : `${code}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
