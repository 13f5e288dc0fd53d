import { inLanguage, type Locale } from '#contract';
import type { ProgrammeReader } from '../readers.ts';

/** The facts about a Café that messages, tickets and calendar entries show, in one language. Instants are ISO 8601. */
export interface CafeForMail {
  title: string;
  /** “Café 4”, “Stand DCOL”. */
  label: string;
  room: string;
  event: string;
  /** The slug of the event in the addresses of pages. */
  eventSlug: string;
  /** The address for answers to the event's messages. Without one, answers go to the sender. */
  replyTo?: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
}

const kindWords = {
  fr: { cafe: 'Café', stand: 'Stand', space: 'Espace' },
  en: { cafe: 'Café', stand: 'Stand', space: 'Space' },
};

/** Undefined when the Café does not exist. */
export async function cafeForMail(
  programme: Pick<ProgrammeReader, keyof ProgrammeReader>,
  cafeId: string,
  locale: Locale,
): Promise<CafeForMail | undefined> {
  const cafe = await programme.cafe(cafeId);
  const [event, room] = cafe
    ? await Promise.all([programme.event({ id: cafe.eventId }), programme.room(cafe.roomId)])
    : [];
  if (!cafe || !event || !room) return undefined;
  return {
    title: inLanguage(cafe.texts, locale, cafe.fallback)?.title ?? '',
    label: `${kindWords[locale][cafe.kind]} ${cafe.code}`,
    room: room.name,
    event: inLanguage(event.title, locale, cafe.fallback) ?? '',
    eventSlug: event.slug,
    ...(event.replyTo && { replyTo: event.replyTo }),
    startsAt: cafe.startsAt,
    endsAt: cafe.endsAt,
    timeZone: event.timeZone,
  };
}
