import { type Cafe, type CafeSeats, defaultLocale, type EventSummary, type Locale, type RoomSlot } from '#contract';
import type { CafeFacts, EventFacts } from './programme-records.ts';

/** An event in one locale. */
export function localiseEvent({ title, ...event }: EventFacts, locale: Locale): EventSummary {
  return { ...event, title: title[locale] ?? title[defaultLocale] };
}

/** A Café in one locale, with its counts, state and waitlist from the seat engine. */
export function localiseCafe(
  { texts, speakers, contacts, ...facts }: CafeFacts,
  locale: Locale,
  {
    state,
    waitlistOpen,
    roomSlots,
    ...counts
  }: CafeSeats & { state: string; waitlistOpen: boolean; roomSlots?: RoomSlot[] },
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
    capacity,
    waitlistOpen,
    state: state as Cafe['state'],
    seats: { cafeId, version, capacity, taken, free, waitlisted, present },
    ...(roomSlots && { roomSlots }),
  };
}
