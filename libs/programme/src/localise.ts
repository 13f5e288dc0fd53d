import { type Cafe, type CafeSeats, type EventSummary, inLanguage, type Locale, type RoomSlot } from '#contract';
import type { Texts } from './document.ts';
import type { CafeFacts, EventFacts } from './programme-records.ts';

/** An event in one locale; where a text is missing, in its first language. */
export function localiseEvent(event: EventFacts, locale: Locale): EventSummary {
  const { id, slug, title, timeZone, startsAt, endsAt, locales } = event;
  return { id, slug, title: inLanguage(title, locale, locales[0] ?? '') ?? '', timeZone, startsAt, endsAt, locales };
}

/** The texts of a Café in one locale. What is missing there is in the first language of the event. */
export function localiseTexts({ texts, fallback }: Pick<CafeFacts, 'texts' | 'fallback'>, locale: Locale): Texts {
  const first = inLanguage(texts, fallback, fallback) ?? NO_TEXTS;
  const own = texts[locale] ?? first;
  const list = <Item>(items: Item[], others: Item[]) => (items.length > 0 ? items : others);
  const summary = own.summary ?? first.summary;
  return {
    title: own.title,
    ...(summary !== undefined && { summary }),
    audience: list(own.audience, first.audience),
    takeaways: list(own.takeaways, first.takeaways),
    agenda: list(own.agenda, first.agenda),
    keywords: list(own.keywords, first.keywords),
  };
}

const NO_TEXTS: Texts = { title: '', audience: [], takeaways: [], agenda: [], keywords: [] };

/**
 * A Café in one locale, with its counts, state and waitlist from the seat engine. `version` is the sum of two versions that only grow. It
 * is therefore never higher than the version of the texts and counts in the answer, whichever was read first.
 */
export function localiseCafe(
  { texts, fallback, position: _position, speakers, contacts, ...facts }: CafeFacts,
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
    ...localiseTexts({ texts, fallback }, locale),
    speakers: speakers.map(({ name, role, organisation }) => ({
      name,
      ...(role && { role: inLanguage(role, locale, fallback) }),
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
