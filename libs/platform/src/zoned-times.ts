import { DateTime } from 'luxon';

const languageTags = { fr: 'fr-FR', en: 'en-GB' };
type Locale = keyof typeof languageTags;

/** Formatters by name, language and time zone. They are cached, because creating one takes longer than the rest of a mail. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(name: string, locale: Locale, timeZone: string, options: Intl.DateTimeFormatOptions) {
  const key = `${name} ${locale} ${timeZone}`;
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(languageTags[locale], { timeZone, ...options });
  formatters.set(key, known);
  return known;
}

/** A period in an event's time zone: ISO 8601 instants and an IANA time zone. */
interface ZonedPeriod {
  startsAt: string;
  endsAt: string;
  timeZone: string;
}

/** “mercredi 25 novembre 2026”, “mardi 1er décembre 2026”, “Wednesday 25 November 2026”. */
export function formatDay(instant: string, timeZone: string, locale: Locale): string {
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  const parts = formatter('day', locale, timeZone, options).formatToParts(new Date(instant));
  // In French the first day of a month is an ordinal, which Intl does not support. The comma after the weekday is removed.
  const texts = parts.map(({ type, value }) => {
    if (type === 'day' && value === '1' && locale === 'fr') return '1er';
    return type === 'literal' ? value.replace(',', '') : value;
  });
  return texts.join('');
}

/** “14 h 30”, “2:30 pm”, with spaces at which a line does not break; “2 h 30 (UTC+2)” for a time that occurs twice on that day. */
export function formatTime(instant: string, timeZone: string, locale: Locale): string {
  const options = { hour: 'numeric', minute: '2-digit', hour12: locale === 'en' } as const;
  const text = formatter('time', locale, timeZone, options).format(new Date(instant));
  const time = locale === 'fr' ? text.replace(':', '\u202fh\u202f') : text.replace(' ', '\u00a0');
  const isAmbiguous = DateTime.fromISO(instant, { zone: timeZone }).getPossibleOffsets().length > 1;
  return isAmbiguous ? `${time}\u00a0(${zoneName('shortOffset', instant, timeZone, locale)})` : time;
}

/** “jeudi 11 h 30”, “Thursday 11:30 am”. */
export function formatWeekdayAndTime(instant: string, timeZone: string, locale: Locale): string {
  const weekday = formatter('weekday', locale, timeZone, { weekday: 'long' }).format(new Date(instant));
  return `${weekday} ${formatTime(instant, timeZone, locale)}`;
}

/**
 * “mercredi 25 novembre 2026, 14 h 30 – 15 h 30 (heure d’Europe centrale)”: for readers who may be in another time zone, or read it in
 * another year. If the period ends on another day, the text contains both days.
 */
export function formatPeriod({ startsAt, endsAt, timeZone }: ZonedPeriod, locale: Locale): string {
  const [startDay, endDay] = [startsAt, endsAt].map((instant) => formatDay(instant, timeZone, locale));
  const [start, end] = [startsAt, endsAt].map((instant) => formatTime(instant, timeZone, locale));
  const until = startDay === endDay ? end : `${endDay}, ${end}`;
  return `${startDay}, ${start}\u00a0– ${until} (${zoneName('longGeneric', startsAt, timeZone, locale)})`;
}

/** `longGeneric`: “heure d’Europe centrale”, the same in summer and in winter; `shortOffset`: “UTC+2”. */
function zoneName(style: 'longGeneric' | 'shortOffset', instant: string, timeZone: string, locale: Locale): string {
  const parts = formatter(style, locale, timeZone, { timeZoneName: style }).formatToParts(new Date(instant));
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
  // Intl has no generic name of UTC.
  return /^(?:UTC|GMT)\+00:00$/.test(name) ? 'UTC' : name;
}
