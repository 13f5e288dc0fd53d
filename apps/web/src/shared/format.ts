import { useMemo } from 'react';
import { languages, type PageLocale, useLocale } from './words/index.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * Days and times in the event's time zone, durations and ages, as the page's language writes them. A time names its offset, “14 h 30 (UTC+1)”, where the reader's
 * clock differs or the hour occurs twice in that night.
 */
export interface Format {
  /** “14 h 30”. */
  time: (instant: string) => string;
  /** “mardi 14 h 30”, for what may be read beside another day. */
  dayTime: (instant: string) => string;
  /** “Mardi 24 novembre”, as a heading. */
  day: (instant: string) => string;
  /** “25–26 novembre 2026”. */
  days: (startsAt: string, endsAt: string) => string;
  /** “Mardi 24 novembre, 14 h 30 – 15 h 15”; without an end, only when it begins. */
  dated: (startsAt: string, endsAt?: string) => string;
  /** “14 h 30 – 15 h 15”, in one piece. */
  span: (startsAt: string, endsAt: string) => string;
  /** The same in the reader's time zone, with the day if it is another one; undefined where the reader's clock shows the event's time. */
  own: (startsAt: string, endsAt: string) => string | undefined;
  /** “45 min”, “1 h 15 min”. */
  duration: (milliseconds: number) => string;
  /** “30 secondes”, “2 minutes”: how long to wait, rounded up. */
  wait: (milliseconds: number) => string;
  /** “9 min 05 s”, for what runs out. */
  countdown: (milliseconds: number) => string;
  /** “il y a 12 secondes”. */
  ago: (milliseconds: number) => string;
  /** The name of a language. */
  languageName: (code: string) => string;
}

const DEFAULT_TIME_ZONE = 'Europe/Paris';

/** @param timeZone of the event; undefined while it is not known */
export function useFormat(timeZone?: string): Format {
  const { locale } = useLocale();
  return useMemo(() => {
    const reader = timeZone && new Intl.DateTimeFormat().resolvedOptions().timeZone;
    return formatOf(locale, timeZone ?? DEFAULT_TIME_ZONE, reader);
  }, [locale, timeZone]);
}

/**
 * @param timeZone of IANA, as `Europe/Paris`
 * @param reader the time zone of the reader's clock; by default that of the event
 */
export function formatOf(locale: PageLocale, timeZone: string, reader = timeZone): Format {
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
  const wall = (instant: string) => {
    const text = clock.format(new Date(instant));
    return locale === 'fr' ? text.replace(':', '\u00a0h\u00a0') : text.replace(' ', '\u00a0');
  };
  const duration = (milliseconds: number) => {
    const whole = Math.round(milliseconds / MINUTE_MS);
    const parts = [
      whole >= 60 && hours.format(Math.floor(whole / 60)),
      (whole % 60 > 0 || whole === 0) && minutes.format(whole % 60),
    ];
    return parts.filter(Boolean).join(' ');
  };
  const day = (instant: string) => {
    // The day of the month stays with its month.
    const text = date.format(new Date(instant)).replace(/\d.*$/, (rest) => rest.replaceAll(' ', '\u00a0'));
    return text.charAt(0).toLocaleUpperCase(tag) + text.slice(1);
  };
  // After a dash a line may break even before a no-break space (UAX #14, LB12a); not before a word joiner.
  const time = (instant: string) => wall(instant) + zoneSuffix(tag, timeZone, reader, instant);
  const span = (startsAt: string, endsAt: string) => {
    const [first, last] = [startsAt, endsAt].map((instant) => zoneSuffix(tag, timeZone, reader, instant));
    return `${wall(startsAt)}${first === last ? '' : first}\u00a0–\u2060\u00a0${wall(endsAt)}${last}`;
  };
  const beforeTime = locale === 'es' || locale === 'pt' ? ', ' : ' ';
  const comma = locale === 'ar' ? '، ' : ', ';
  return {
    time,
    dayTime: (instant) => weekday.format(new Date(instant)) + beforeTime + time(instant),
    day,
    // An event ends when its last day is over.
    days: (startsAt, endsAt) => month.formatRange(new Date(startsAt), new Date(Date.parse(endsAt) - 1)),
    span,
    own(startsAt, endsAt) {
      if (offsetOf(timeZone, Date.parse(startsAt)) === offsetOf(reader, Date.parse(startsAt))) return undefined;
      const there = formatOf(locale, reader);
      return there.day(startsAt) === day(startsAt) ? there.span(startsAt, endsAt) : there.dated(startsAt, endsAt);
    },
    dated: (startsAt, endsAt) => day(startsAt) + comma + (endsAt ? span(startsAt, endsAt) : time(startsAt)),
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

/** “ (UTC+1)” where a reader may take a time for another one; else nothing. */
function zoneSuffix(tag: string, timeZone: string, reader: string, instant: string): string {
  const at = Date.parse(instant);
  const offset = offsetOf(timeZone, at);
  // When clocks are set back, the same time of day comes again.
  const comesTwice = [-HOUR_MS, HOUR_MS].some((apart) => offset - offsetOf(timeZone, at + apart) === apart);
  if (offset === offsetOf(reader, at) && !comesTwice) return '';
  return ` (${partOf(new Intl.DateTimeFormat(tag, { timeZone, timeZoneName: 'shortOffset' }), at)})`;
}

/** By how much a time zone is ahead of UTC at an instant, in milliseconds. @param at in milliseconds since 1970 */
function offsetOf(timeZone: string, at: number): number {
  const name = partOf(new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }), at);
  const [, sign = '', hours = 0, minutes = 0] = /([+-])(\d+):(\d+)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS);
}

function partOf(format: Intl.DateTimeFormat, at: number): string {
  return format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

function nameOf(tag: string, code: string): string {
  try {
    return new Intl.DisplayNames(tag, { type: 'language' }).of(code) ?? code;
  } catch {
    return code; // not a code of a language
  }
}

/** Without accents, in lower case: how names and titles are searched. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase();
}
