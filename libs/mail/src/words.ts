import type { Locale } from '#contract';

const tags: Record<Locale, string> = { fr: 'fr-FR', en: 'en-GB' };

/** “mardi 24 novembre, 14 h 30 – 15 h 30”, in the event's time zone. */
export function timeOf(seat: { startsAt: string; endsAt: string; timeZone: string }, locale: Locale): string {
  const { startsAt, endsAt, timeZone } = seat;
  const day = new Intl.DateTimeFormat(tags[locale], { timeZone, weekday: 'long', day: 'numeric', month: 'long' });
  return `${day.format(new Date(startsAt))}, ${clock(startsAt, timeZone, locale)} – ${clock(endsAt, timeZone, locale)}`;
}

/** “14 h 30” or “2:30 pm”. */
export function clock(instant: string, timeZone: string, locale: Locale): string {
  const hour12 = locale === 'en';
  const text = new Intl.DateTimeFormat(tags[locale], { timeZone, hour: 'numeric', minute: '2-digit', hour12 }).format(
    new Date(instant),
  );
  return locale === 'fr' ? text.replace(':', '\u202fh\u202f') : text;
}

/** “jeudi 11 h 30” or “Thursday 11:30 am”. */
export function dayAndClock(instant: string, timeZone: string, locale: Locale): string {
  const day = new Intl.DateTimeFormat(tags[locale], { timeZone, weekday: 'long' }).format(new Date(instant));
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

/** One line, whatever was typed. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
