import { inLanguage, ProblemError } from '#contract';
import type { Prisma } from '#platform';
import { cafeFields, type Fields } from '../loading/fields.ts';
import { cafeOf, eventOf } from '../loading/stored-programme.ts';
import type { Transaction } from '../writing/author.ts';
import type { CafeOf } from '../writing/write-cafe.ts';

/** The event of a change. */
export type StoredEvent = Prisma.EventGetPayload<object>;

/** A Café with its lock, as a document has it. */
export interface StoredCafe {
  id: string;
  event: StoredEvent;
  room: { id: string; code: string; name: string; capacity: number };
  position: number;
  document: CafeOf;
  /** As in `Cafe.version`. */
  version: number;
  /** The capacity now; `document.capacity` is the target where there is one. */
  capacity: number;
  targetCapacity?: number;
  taken: number;
  waitlisted: number;
}

interface LockedRow {
  capacity: number;
  target_capacity: number | null;
  state: NonNullable<CafeOf['state']>;
  waitlist_open: boolean;
  taken: number;
  waitlisted: number;
  settings_version: bigint;
}

/**
 * Locks and reads a Café.
 * @param lock `cafe`: its own row; `event`: also all Cafés of its event, for a change of seats; `seats`: and its registrations, for a
 *   change that may end some
 * @throws ProblemError `cafe-not-found`
 */
export async function readCafe(
  transaction: Transaction,
  id: string,
  lock: 'cafe' | 'event' | 'seats',
): Promise<StoredCafe> {
  const [counts] = await transaction.$queryRaw<LockedRow[]>`
    select * from seats_lock_cafe(${id}::uuid, ${lock !== 'cafe'}, ${lock === 'seats'})`;
  const cafe = await transaction.cafe.findUnique({ where: { id }, include: { event: true, room: true } });
  if (!cafe || !counts) throw new ProblemError('cafe-not-found');
  const { event, room, ...row } = cafe;
  const capacity = counts.target_capacity ?? counts.capacity;
  return {
    id,
    event,
    room,
    position: row.position,
    document: cafeOf(row, room.code, { ...counts, capacity }),
    version: Number(row.version) + Number(counts.settings_version),
    capacity: counts.capacity,
    ...(counts.target_capacity !== null && { targetCapacity: counts.target_capacity }),
    taken: counts.taken,
    waitlisted: counts.waitlisted,
  };
}

/** @throws ProblemError `event-not-found` */
export async function readEvent(transaction: Transaction, id: string): Promise<StoredEvent> {
  const event = await transaction.event.findUnique({ where: { id } });
  if (!event) throw new ProblemError('event-not-found');
  return event;
}

/** The first language of an event. */
export function firstLanguage({ locales }: Pick<StoredEvent, 'locales'>): string {
  return locales[0] ?? '';
}

/** The title of a Café in the first language of its event. */
export function titleOf({ texts }: Pick<CafeOf, 'texts'>, event: Pick<StoredEvent, 'locales'>): string {
  const first = firstLanguage(event);
  return inLanguage(texts, first, first)?.title ?? '';
}

/** The title of an event in its first language. */
export function eventTitleOf(event: StoredEvent): string {
  const first = firstLanguage(event);
  return inLanguage(eventOf(event).title, first, first) ?? '';
}

/** The fields of a Café by name, as the audit log keeps them. */
export function fieldsOf(cafe: CafeOf): Fields {
  return { code: cafe.code, ...cafeFields(cafe) };
}
