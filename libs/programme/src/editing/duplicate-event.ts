import { recordAuditEntry } from '#audit-log';
import { type EventCopy, ProblemError } from '#contract';
import { type Database, Prisma } from '#platform';
import { readStoredProgramme } from '../loading/stored-programme.ts';
import type { Transaction } from '../writing/author.ts';
import { addCafe } from '../writing/write-cafe.ts';
import { addRoom } from '../writing/write-room.ts';
import { mergeLanguages } from './edited-cafe.ts';
import { factsOf, freeSlug } from './event-facts.ts';
import { daysUntil, shiftDays } from './local-days.ts';
import { firstLanguage, readEvent, type StoredEvent } from './stored.ts';
import { inChange } from './transaction.ts';

/**
 * Copies an event with its settings, rooms and Cafés, as a draft whose first day is `startsOn`. Local times stay, also across a change of
 * the clocks. Cancelled Cafés, roles and registrations are not copied.
 * @returns the id of the copy
 * @throws ProblemError `slug-taken`, `local-time-missing` {localTime}, `texts-missing` {language}
 */
export function duplicateEvent(database: Database, id: string, copy: EventCopy, by: string): Promise<string> {
  return inChange(
    database,
    async (transaction) => {
      const event = await readEvent(transaction, id);
      const { document } = await readStoredProgramme(transaction, id, { lock: false });
      const days = daysUntil(event.startsAt, copy.startsOn, event.timeZone);
      const shifted = (instant: string | Date) => shiftDays(new Date(instant), days, event.timeZone);
      const made = await addCopy(transaction, event, copy, shifted);
      const roomIds = new Map<string, string>();
      for (const [position, room] of document.rooms.entries()) {
        roomIds.set(room.code, await addRoom(transaction, made.id, { ...room, position }));
      }
      const cafes = document.cafes.filter(({ state }) => state !== 'cancelled');
      for (const [position, cafe] of cafes.entries()) {
        const roomId = roomIds.get(cafe.room) as string;
        const [startsAt, endsAt] = [shifted(cafe.startsAt).toISOString(), shifted(cafe.endsAt).toISOString()];
        await addCafe(transaction, made.id, { cafe: { ...cafe, startsAt, endsAt, state: 'draft' }, roomId, position });
      }
      await recordAuditEntry(transaction, {
        what: 'event-duplicated',
        subject: { kind: 'event', id: made.id, label: made.slug },
        actorId: by,
        eventId: made.id,
        after: { ...factsOf(made), copyOf: event.slug, rooms: roomIds.size, cafes: cafes.length },
      });
      return made.id;
    },
    'slug-taken',
  );
}

async function addCopy(
  transaction: Transaction,
  event: StoredEvent,
  { slug, title: given }: EventCopy,
  shifted: (instant: Date) => Date,
): Promise<StoredEvent> {
  const title = given ? mergeLanguages({}, given) : (event.title as Record<string, string>);
  const language = firstLanguage(event);
  const named = title[language];
  if (!named) throw new ProblemError('texts-missing', { language });
  const { id: _id, version: _version, factsVersion: _factsVersion, venue, words, legal, ...settings } = event;
  return transaction.event.create({
    data: {
      ...settings,
      title,
      slug: slug ?? (await freeSlug(transaction, named)),
      startsAt: shifted(event.startsAt),
      endsAt: shifted(event.endsAt),
      state: 'draft',
      publishedAt: null,
      venue: venue ?? Prisma.DbNull,
      words: words as Prisma.InputJsonValue,
      legal: legal as Prisma.InputJsonValue,
    },
  });
}
