const languageTags = { fr: 'fr-FR', en: 'en-GB' };
type Locale = keyof typeof languageTags;

/** Formatters by name, language and time zone. They are cached, because making one costs more than the rest of a mail. */
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

/** “mercredi 25 novembre”, “Wednesday 25 November”. */
export function formatDay(instant: string, timeZone: string, locale: Locale): string {
  const options = { weekday: 'long', day: 'numeric', month: 'long' } as const;
  return formatter('day', locale, timeZone, options).format(new Date(instant));
}

/** “14 h 30”, “2:30 pm”, with spaces that do not break lines. */
export function formatTime(instant: string, timeZone: string, locale: Locale): string {
  const options = { hour: 'numeric', minute: '2-digit', hour12: locale === 'en' } as const;
  const text = formatter('time', locale, timeZone, options).format(new Date(instant));
  return locale === 'fr' ? text.replace(':', '\u202fh\u202f') : text.replace(' ', '\u00a0');
}

/** “jeudi 11 h 30”, “Thursday 11:30 am”. */
export function formatWeekdayAndTime(instant: string, timeZone: string, locale: Locale): string {
  const weekday = formatter('weekday', locale, timeZone, { weekday: 'long' }).format(new Date(instant));
  return `${weekday} ${formatTime(instant, timeZone, locale)}`;
}

/** “mercredi 25 novembre, 14 h 30 – 15 h 30”. */
export function formatPeriod({ startsAt, endsAt, timeZone }: ZonedPeriod, locale: Locale): string {
  const [start, end] = [startsAt, endsAt].map((instant) => formatTime(instant, timeZone, locale));
  return `${formatDay(startsAt, timeZone, locale)}, ${start}\u00a0– ${end}`;
}
