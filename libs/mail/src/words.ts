import type { Locale } from '#contract';

const tags: Record<Locale, string> = { fr: 'fr-FR', en: 'en-GB' };
/** Making a format costs more than the rest of a message, so each is made once. Zones and languages are few. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, locale: Locale, timeZone: string, options: Intl.DateTimeFormatOptions) {
  const key = `${name} ${locale} ${timeZone}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(tags[locale], { timeZone, ...options });
  formats.set(key, known);
  return known;
}

interface Span {
  startsAt: string;
  endsAt: string;
  timeZone: string;
}

/** “mercredi 25 novembre”, in the event's time zone. */
export function dayOf(instant: string, timeZone: string, locale: Locale): string {
  return format('day', locale, timeZone, { weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(instant));
}

/** “mercredi 25 novembre, 14 h 30 – 15 h 30”, in the event's time zone. */
export function timeOf({ startsAt, endsAt, timeZone }: Span, locale: Locale): string {
  return `${dayOf(startsAt, timeZone, locale)}, ${clock(startsAt, timeZone, locale)}\u00a0– ${clock(endsAt, timeZone, locale)}`;
}

/** “14 h 30” or “2:30 pm”, in one piece. */
export function clock(instant: string, timeZone: string, locale: Locale): string {
  const hour12 = locale === 'en';
  const text = format('clock', locale, timeZone, { hour: 'numeric', minute: '2-digit', hour12 }).format(
    new Date(instant),
  );
  return locale === 'fr' ? text.replace(':', '\u202fh\u202f') : text.replace(' ', '\u00a0');
}

/** “jeudi 11 h 30” or “Thursday 11:30 am”. */
export function dayAndClock(instant: string, timeZone: string, locale: Locale): string {
  const day = format('weekday', locale, timeZone, { weekday: 'long' }).format(new Date(instant));
  return `${day} ${clock(instant, timeZone, locale)}`;
}

/** “2ᵉ” or “2nd”. */
export function ordinal(position: number, locale: Locale): string {
  if (locale === 'fr') return position === 1 ? '1ʳᵉ' : `${position}ᵉ`;
  const ending = { one: 'st', two: 'nd', few: 'rd' }[
    new Intl.PluralRules('en', { type: 'ordinal' }).select(position) as 'one'
  ];
  return `${position}${ending ?? 'th'}`;
}

/** “482 913”, “4829 1345”: in two halves, which are easier to read and to type. */
export function spaced(code: string): string {
  const half = Math.ceil(code.length / 2);
  return `${code.slice(0, half)} ${code.slice(half)}`;
}

/** “: ”, with the thin space that French puts before it. */
export const colon: Record<Locale, string> = { fr: '\u00a0: ', en: ': ' };
