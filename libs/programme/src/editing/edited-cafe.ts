import { type ByLanguage, type CafeEdit, ProblemError } from '#contract';
import type { Texts } from '../document.ts';
import type { Transaction } from '../writing/author.ts';
import type { CafeOf, SeatAnswer } from '../writing/write-cafe.ts';
import { firstLanguage, type StoredCafe, type StoredEvent } from './stored.ts';

/** The longest duration of a Café, in minutes; the seat engine has the same limit. */
const CAFE_MINUTES_MAX = 24 * 60;

/** A room of an event. */
export type StoredRoom = StoredCafe['room'];

/** A Café with the values of an edit. What the edit leaves out stays; the capacity up to that of the new room. */
export function editedCafe({ document: now }: StoredCafe, edit: CafeEdit, room: StoredRoom): CafeOf {
  const { code, kind, language, hosts, speakers, contacts, texts, startsAt, endsAt, state, waitlistOpen } = edit;
  const given = { code, kind, language, hosts, speakers, contacts, state, waitlistOpen };
  const moved = room.code !== now.room;
  return {
    ...now,
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<CafeOf>),
    room: room.code,
    startsAt: startsAt ? instantOf(startsAt) : now.startsAt,
    endsAt: endsAt ? instantOf(endsAt) : now.endsAt,
    capacity: edit.capacity ?? (moved ? Math.min(now.capacity, room.capacity) : now.capacity),
    texts: texts ? mergeLanguages(now.texts, texts) : now.texts,
  };
}

/** Texts with those of other languages; null removes a language. */
export function mergeLanguages<Value>(
  now: Record<string, Value>,
  change: ByLanguage<Value | null>,
): Record<string, Value> {
  const merged = Object.entries({ ...now, ...change });
  return Object.fromEntries(merged.filter((entry): entry is [string, Value] => entry[1] != null));
}

/** The instant in the form in which documents have it. */
export function instantOf(text: string): string {
  return new Date(text).toISOString();
}

/**
 * The room of an event.
 * @throws ProblemError `room-not-found`
 */
export async function roomOfEvent(transaction: Transaction, eventId: string, roomId: string): Promise<StoredRoom> {
  const room = await transaction.room.findUnique({ where: { id: roomId } });
  if (room?.eventId !== eventId) throw new ProblemError('room-not-found');
  return room;
}

/** @throws ProblemError `ends-before-start`; `outside-event` {startsAt, endsAt}: the days of the event */
export function checkTimes(cafe: Pick<CafeOf, 'startsAt' | 'endsAt'>, event?: StoredEvent): void {
  const [starts, ends] = [Date.parse(cafe.startsAt), Date.parse(cafe.endsAt)];
  if (ends <= starts || ends - starts > CAFE_MINUTES_MAX * 60_000) throw new ProblemError('ends-before-start');
  if (event && isOutside(cafe, event)) {
    throw new ProblemError('outside-event', {
      startsAt: event.startsAt.toISOString(),
      endsAt: event.endsAt.toISOString(),
    });
  }
}

/** Whether a Café is not within the days of its event. */
export function isOutside(
  cafe: Pick<CafeOf, 'startsAt' | 'endsAt'>,
  event: Pick<StoredEvent, 'startsAt' | 'endsAt'>,
): boolean {
  return Date.parse(cafe.startsAt) < event.startsAt.getTime() || Date.parse(cafe.endsAt) > event.endsAt.getTime();
}

/** @throws ProblemError `texts-missing` {language}; `event-is-draft`: only a draft Café is in a draft event */
export function checkFacts(
  { texts, state }: { texts: Record<string, Texts>; state?: string },
  event: StoredEvent,
): void {
  const language = firstLanguage(event);
  if (!texts[language]) throw new ProblemError('texts-missing', { language });
  if (event.state === 'draft' && state !== 'draft') throw new ProblemError('event-is-draft');
}

/** @throws ProblemError `capacity-above-room` {capacity, roomCapacity} */
export function checkCapacity(capacity: number, { capacity: roomCapacity }: StoredRoom): void {
  if (capacity > roomCapacity) throw new ProblemError('capacity-above-room', { capacity, roomCapacity });
}

/** @throws ProblemError `code-taken` {taken} */
export async function checkCode(
  transaction: Transaction,
  eventId: string,
  code: string,
  exceptId?: string,
): Promise<void> {
  const taken = await transaction.cafe.findFirst({
    where: { eventId, code, ...(exceptId && { id: { not: exceptId } }) },
    select: { id: true },
  });
  if (taken) throw new ProblemError('code-taken', { taken: code });
}

const REFUSALS = [
  'cafe-not-found',
  'room-not-found',
  'room-full',
  'ends-before-start',
  'ends-before-now',
  'move-clashes',
  'cafe-cancelled',
] as const;

/** @throws ProblemError for a refusal of the seat engine, with the numbers that explain it; Error for an unknown outcome */
export function refuseSeats(answer: SeatAnswer, cafe: CafeOf): never {
  const { outcome, taken, waitlisted } = answer;
  const refusal = REFUSALS.find((code) => code === outcome);
  if (refusal) throw new ProblemError(refusal);
  switch (outcome) {
    case 'counts-changed':
      throw new ProblemError(outcome, { taken, ...(typeof waitlisted === 'number' && { waitlisted }) });
    case 'capacity-below-taken':
      throw new ProblemError(outcome, { capacity: answer.capacity ?? cafe.capacity, taken });
    case 'capacity-above-room':
      throw new ProblemError(outcome, {
        capacity: answer.capacity ?? cafe.capacity,
        roomCapacity: answer.room_capacity,
      });
    case 'has-registrations':
      throw new ProblemError('invalid-request', {
        errors: [{ path: 'state', message: 'a Café with registrations cannot become a draft' }],
      });
  }
  throw new Error(`a seat function returned an unknown outcome: ${outcome}`);
}
