import type { Locale } from '#contract';
import { inLanguage } from '#contract';
import type { Database } from '#platform';
import { exportProgramme } from '../loading/load-programme.ts';
import { localiseTexts } from '../localise.ts';
import { Programme } from '../programme-records.ts';
import { guidOf, uuidOf } from './guids.ts';

/** A programme as everybody may see it, in one language: what exports are made of. Instants are ISO 8601. */
export interface PublishedProgramme {
  event: {
    id: string;
    slug: string;
    title: string;
    timeZone: string;
    startsAt: string;
    endsAt: string;
    version: string;
  };
  rooms: { name: string; guid: string; capacity: number }[];
  cafes: PublishedCafe[];
}

export interface PublishedCafe {
  id: string;
  /** Its place in the programme, from 1 on. */
  number: number;
  code: string;
  guid: string;
  kind: 'cafe' | 'stand' | 'space';
  title: string;
  summary?: string;
  room: string;
  language: string;
  speakers: string[];
  keywords: string[];
  startsAt: string;
  endsAt: string;
  /** Grows with each change. */
  version: number;
}

/** Reads a published programme without its drafts and cancelled Cafés. @returns undefined for an unknown event or a draft */
export async function readPublishedProgramme(
  database: Database,
  slug: string,
  locale: Locale,
): Promise<PublishedProgramme | undefined> {
  const programme = new Programme(database);
  const event = await programme.event({ slug });
  if (!event || event.state === 'draft') return undefined;
  const [facts, exported, version] = await Promise.all([
    programme.programmeOf(event.id),
    exportProgramme(database, slug),
    programme.version(event.id),
  ]);
  if (!facts || !exported) return undefined;
  const { document } = exported;
  const roomNames = new Map(document.rooms.map(({ code, name }) => [code, name]));
  const byCode = new Map(facts.cafes.map((cafe) => [cafe.code, cafe]));
  const [fallback = ''] = event.locales;
  return {
    event: {
      id: event.id,
      slug,
      title: inLanguage(event.title, locale, fallback) ?? slug,
      timeZone: event.timeZone,
      startsAt: event.startsAt,
      endsAt: event.endsAt,
      version: String(version),
    },
    rooms: document.rooms.map(({ code, name, capacity }) => ({ name, guid: uuidOf('room', slug, code), capacity })),
    cafes: document.cafes.flatMap((cafe, index): PublishedCafe[] => {
      const row = byCode.get(cafe.code);
      if (!row || cafe.state === 'draft' || cafe.state === 'cancelled') return [];
      const { title, summary, keywords } = localiseTexts(row, locale);
      return [
        {
          id: row.id,
          number: index + 1,
          code: cafe.code,
          guid: guidOf(slug, cafe),
          kind: cafe.kind,
          title,
          ...(summary !== undefined && { summary }),
          room: roomNames.get(cafe.room) ?? cafe.room,
          language: cafe.language,
          speakers: cafe.speakers.map(({ name }) => name),
          keywords,
          startsAt: cafe.startsAt,
          endsAt: cafe.endsAt,
          version: row.version,
        },
      ];
    }),
  };
}
