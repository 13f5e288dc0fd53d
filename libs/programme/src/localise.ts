import { type Cafe, type CafeSeats, defaultLocale, type EventSummary, type Locale, type RoomSlot } from '#contract';
import type { CafeFacts, EventFacts } from './programme-records.ts';

/** An event in one locale. */
export function localiseEvent(event: EventFacts, locale: Locale): EventSummary {
  const { id, slug, title, timeZone, startsAt, endsAt, locales } = event;
  return { id, slug, title: title[locale] ?? title[defaultLocale], timeZone, startsAt, endsAt, locales };
}

/**
 * A Café in one locale, with its counts, state and waitlist from the seat engine. `version` is the sum of two versions that only grow. It
 * is therefore never higher than the version of the texts and counts in the answer, whichever was read first.
 */
export function localiseCafe(
  { texts, speakers, contacts, ...facts }: CafeFacts,
  locale: Locale,
  {
    state,
    waitlistOpen,
    settingsVersion,
    roomSlots,
    ...counts
  }: CafeSeats & { state: string; waitlistOpen: boolean; settingsVersion: number; roomSlots?: RoomSlot[] },
): Cafe {
  const { cafeId, version, capacity, taken, free, waitlisted, present } = counts;
  return {
    ...facts,
    ...(texts[locale] ?? texts[defaultLocale]),
    speakers: speakers.map(({ name, role, organisation }) => ({
      name,
      ...(role && { role: role[locale] ?? role[defaultLocale] }),
      ...(organisation && { organisation }),
    })),
    ...(contacts.length > 0 && { contacts }),
    version: facts.version + settingsVersion,
    capacity,
    waitlistOpen,
    state: state as Cafe['state'],
    seats: { cafeId, version, capacity, taken, free, waitlisted, present },
    ...(roomSlots && { roomSlots }),
  };
}
