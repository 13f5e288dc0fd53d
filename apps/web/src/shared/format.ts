import { useMemo } from 'react';
import { languages, type PageLocale, useLocale } from './words/index.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Formats days and times in the event's time zone, durations and ages, in the page's language. */
export interface Format {
  /** “14 h 30”; “2 h 30 (UTC+2)” where the clock shows that time twice. */
  time: (instant: string) => string;
  /** “mardi 14 h 30”, for a time that may be on another day than the Café. */
  dayTime: (instant: string) => string;
  /** “Mardi 24 novembre”, as a heading. */
  day: (instant: string) => string;
  /** “25–26 novembre 2026”. */
  days: (startsAt: string, endsAt: string) => string;
  /** “Mardi 24 novembre, 14 h 30 – 15 h 15”; with both days if the end is on another day; without `endsAt`, only the start. */
  dated: (startsAt: string, endsAt?: string) => string;
  /** “14 h 30 – 15 h 15”, without a possible line break. */
  span: (startsAt: string, endsAt: string) => string;
  /** “heure d’Europe centrale”: the event's time zone; undefined if the reader's clock shows the same time. */
  zone: (instant: string) => string | undefined;
  /** The same as `dated` in the reader's time zone; undefined if the reader's clock shows the same time as the event's. */
  ownTime: (startsAt: string, endsAt?: string) => string | undefined;
  /** “45 min”, “1 h 15 min”. */
  duration: (milliseconds: number) => string;
  /** “30 secondes”, “2 minutes”: a waiting time, rounded up. */
  wait: (milliseconds: number) => string;
  /** “9 min 05 s”, for a countdown. */
  countdown: (milliseconds: number) => string;
  /** “il y a 12 secondes”. */
  ago: (milliseconds: number) => string;
  /** The name of a language. */
  languageName: (code: string) => string;
}

export function useFormat(timeZone = 'Europe/Paris'): Format {
  const { locale } = useLocale();
  return useMemo(() => formatOf(locale, timeZone), [locale, timeZone]);
}

/** Returns the formats of a language. @param timeZone,ownZone the event's and the reader's IANA time zone, for example `Europe/Paris` */
export function formatOf(
  locale: PageLocale,
  timeZone: string,
  ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone,
): Format {
  const { tag } = languages[locale];
  const clock = new Intl.DateTimeFormat(tag, { timeZone, hour: 'numeric', minute: '2-digit', hour12: locale === 'en' });
  const date = new Intl.DateTimeFormat(tag, { timeZone, weekday: 'long', day: 'numeric', month: 'long' });
  const weekday = new Intl.DateTimeFormat(tag, { timeZone, weekday: 'long' });
  const month = new Intl.DateTimeFormat(tag, { timeZone, day: 'numeric', month: 'long', year: 'numeric' });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'always' });
  const unit = (name: 'hour' | 'minute' | 'second', digits = 1) =>
    new Intl.NumberFormat(tag, { style: 'unit', unit: name, unitDisplay: 'short', minimumIntegerDigits: digits });
  const inWords = (name: 'minute' | 'second') =>
    new Intl.NumberFormat(tag, { style: 'unit', unit: name, unitDisplay: 'long' });
  const [hours, minutes, seconds, twoSeconds] = [unit('hour'), unit('minute'), unit('second'), unit('second', 2)];
  const zoneName = (timeZoneName: 'longGeneric' | 'shortOffset', instant: string) =>
    new Intl.DateTimeFormat(tag, { timeZone, timeZoneName })
      .formatToParts(new Date(instant))
      .find(({ type }) => type === 'timeZoneName')?.value;
  const time = (instant: string) => {
    const text = clock.format(new Date(instant));
    const local = locale === 'fr' ? text.replace(':', '\u00a0h\u00a0') : text.replace(' ', '\u00a0');
    return isShownTwice(instant, timeZone) ? `${local}\u00a0(${zoneName('shortOffset', instant)})` : local;
  };
  const duration = (milliseconds: number) => {
    const whole = Math.round(milliseconds / MINUTE_MS);
    const parts = [
      whole >= 60 && hours.format(Math.floor(whole / 60)),
      (whole % 60 > 0 || whole === 0) && minutes.format(whole % 60),
    ];
    return parts.filter(Boolean).join(' ');
  };
  const capitalised = (text: string) => text.charAt(0).toLocaleUpperCase(tag) + text.slice(1);
  const dayWithin = (instant: string) => {
    // No line break between the day and its month.
    const text = date.format(new Date(instant)).replace(/\d.*$/, (rest) => rest.replaceAll(' ', '\u00a0'));
    return locale === 'fr' ? text.replace(/\b1\u00a0/, '1er\u00a0') : text;
  };
  const day = (instant: string) => capitalised(dayWithin(instant));
  // A line may break after a dash even before a no-break space (UAX #14, LB12a), but not before a word joiner.
  const span = (startsAt: string, endsAt: string) => `${time(startsAt)}\u00a0–\u2060\u00a0${time(endsAt)}`;
  const beforeTime = locale === 'es' || locale === 'pt' ? ', ' : ' ';
  const comma = locale === 'ar' ? '، ' : ', ';
  const dated = (startsAt: string, endsAt?: string) => {
    const from = day(startsAt) + comma;
    if (!endsAt) return from + time(startsAt);
    if (day(startsAt) === day(endsAt)) return from + span(startsAt, endsAt);
    return `${from}${time(startsAt)}\u00a0– ${dayWithin(endsAt)}${comma}${time(endsAt)}`;
  };
  const differs = (instant: string) => wallClock(instant, timeZone) !== wallClock(instant, ownZone);
  return {
    time,
    dayTime: (instant) => weekday.format(new Date(instant)) + beforeTime + time(instant),
    day,
    // An event ends at the midnight after its last day.
    days: (startsAt, endsAt) => {
      const text = month.formatRange(new Date(startsAt), new Date(Date.parse(endsAt) - 1));
      return locale === 'fr' ? text.replace(/\b1(?=[\s–])/g, '1er') : text;
    },
    span,
    dated,
    zone: (instant) => (differs(instant) ? zoneName('longGeneric', instant) : undefined),
    ownTime: (startsAt, endsAt) =>
      differs(startsAt) ? formatOf(locale, ownZone, ownZone).dated(startsAt, endsAt) : undefined,
    duration,
    wait(milliseconds) {
      const whole = Math.max(1, Math.ceil(milliseconds / SECOND_MS));
      return whole < 60 ? inWords('second').format(whole) : inWords('minute').format(Math.ceil(whole / 60));
    },
    countdown(milliseconds) {
      if (milliseconds >= HOUR_MS) return duration(milliseconds);
      const whole = Math.max(0, Math.ceil(milliseconds / SECOND_MS));
      if (whole < 60) return seconds.format(whole);
      return `${minutes.format(Math.floor(whole / 60))} ${twoSeconds.format(whole % 60)}`;
    },
    ago(milliseconds) {
      const whole = Math.max(1, Math.round(milliseconds / SECOND_MS));
      if (whole < 60) return relative.format(-whole, 'second');
      if (whole < 3_600) return relative.format(-Math.round(whole / 60), 'minute');
      return relative.format(-Math.round(whole / 3_600), 'hour');
    },
    languageName: (code) => nameOf(tag, code),
  };
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Returns the local time of a zone, as the milliseconds since 1970 at which UTC has this time. */
function wallClock(instant: string | number, timeZone: string): number {
  const clock =
    clocks.get(timeZone) ?? new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  clocks.set(timeZone, clock);
  return Date.parse(`${clock.format(new Date(instant)).replace(' ', 'T')}Z`);
}

/** Whether the local time of an instant occurs twice, because the clock is put back. */
function isShownTwice(instant: string, timeZone: string): boolean {
  const at = Math.floor(Date.parse(instant) / SECOND_MS) * SECOND_MS;
  const offset = (when: number) => wallClock(when, timeZone) - when;
  const back = offset(at - 3 * HOUR_MS) - offset(at + 3 * HOUR_MS);
  if (back <= 0) return false;
  const shown = wallClock(at, timeZone);
  return [at - back, at + back].some((other) => wallClock(other, timeZone) === shown);
}

function nameOf(tag: string, code: string): string {
  try {
    return new Intl.DisplayNames(tag, { type: 'language' }).of(code) ?? code;
  } catch {
    return code; // not a code of a language
  }
}
