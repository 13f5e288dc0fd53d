import type { ProgrammeDocument, Texts } from '../document.ts';

type EventOf = ProgrammeDocument['event'];
type RoomOf = ProgrammeDocument['rooms'][number];
type CafeOf = ProgrammeDocument['cafes'][number];

/**
 * The fields of an event, a room or a Café, by name. Fields are compared and reported one by one. `undefined`: the document does not
 * contain the field.
 */
export type Fields = Record<string, unknown>;

/** Start and end are one field, because a move changes both: the start of one document must not be combined with the end of another. */
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

/** Each text is a field, for example `texts.fr.title`, so that the title and the summary can be merged separately. */
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
