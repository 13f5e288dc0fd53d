import type { Locale } from '#contract';
import type { Programme } from './programme-records.ts';

/** What a person is told of a Café in a message, on a ticket or in a calendar: what, when and where, in one language. */
export interface ToldCafe {
  title: string;
  /** “Café 4”, “Stand DCOL”. */
  label: string;
  room: string;
  event: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
}

const kindWords = {
  fr: { cafe: 'Café', stand: 'Stand', space: 'Espace' },
  en: { cafe: 'Café', stand: 'Stand', space: 'Space' },
};

/** Undefined where there is no such Café. */
export async function tellCafe(
  programme: Pick<Programme, 'cafe' | 'eventById' | 'room'>,
  cafeId: string,
  locale: Locale,
): Promise<ToldCafe | undefined> {
  const cafe = await programme.cafe(cafeId);
  const [event, room] = cafe ? await Promise.all([programme.eventById(cafe.eventId), programme.room(cafe.roomId)]) : [];
  if (!cafe || !event || !room) return undefined;
  return {
    title: cafe.texts[locale].title,
    label: `${kindWords[locale][cafe.kind]} ${cafe.code}`,
    room: room.name,
    event: event.title[locale],
    startsAt: cafe.startsAt,
    endsAt: cafe.endsAt,
    timeZone: event.timeZone,
  };
}
