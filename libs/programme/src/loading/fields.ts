import type { ProgrammeDocument, Texts } from '../document.ts';

type EventOf = ProgrammeDocument['event'];
type RoomOf = ProgrammeDocument['rooms'][number];
type CafeOf = ProgrammeDocument['cafes'][number];

/** The fields of an event, a room or a Café, by name: what is compared and reported one by one. `undefined`: the document does not say. */
export type Fields = Record<string, unknown>;

/** Start and end are one field: a move changes both, and the start of one with the end of another is nobody's wish. */
export interface Time {
  startsAt: string;
  endsAt: string;
}

export function eventFields({ slug: _slug, startsAt, endsAt, ...rest }: EventOf): Fields {
  return { ...rest, time: { startsAt, endsAt } satisfies Time };
}

export function eventOf(slug: string, { time, ...rest }: Fields): EventOf {
  return { slug, ...rest, ...(time as Time) } as EventOf;
}

export function roomFields({ name, capacity }: RoomOf): Fields {
  return { name, capacity };
}

export function roomOf(code: string, fields: Fields): RoomOf {
  return { code, ...fields } as RoomOf;
}

/** The texts are fields of their own, `texts.fr.title`, so that the title and the summary may have different last authors. */
export function cafeFields({ code: _code, texts, startsAt, endsAt, ...rest }: CafeOf): Fields {
  const written = Object.entries(texts).flatMap(([locale, { summary, ...others }]) =>
    Object.entries({ summary: summary ?? null, ...others }).map(([name, value]) => [`texts.${locale}.${name}`, value]),
  );
  return { ...rest, time: { startsAt, endsAt } satisfies Time, ...Object.fromEntries(written) };
}

export function cafeOf(code: string, fields: Fields): CafeOf {
  const cafe: Fields = { code };
  const texts: Record<string, Fields> = {};
  for (const [name, value] of Object.entries(fields)) {
    const [, locale, field] = /^texts\.([^.]+)\.(.+)$/.exec(name) ?? [];
    if (name === 'time') Object.assign(cafe, value);
    else if (!locale || !field) cafe[name] = value;
    else if (value !== null) texts[locale] = { ...texts[locale], [field]: value };
  }
  return { ...cafe, texts: texts as unknown as Record<'fr' | 'en', Texts> } as unknown as CafeOf;
}
