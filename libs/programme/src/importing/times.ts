import { DateTime } from 'luxon';

/** A clock that was read: `HH:MM`, with `24:00` for midnight at the end of a day; or why it is none. */
export type ReadClock = { clock: string; fault?: undefined } | { fault: 'unread' | 'noon-or-midnight' };

const CLOCK = /^(\d{1,2})(?:\s?[h:.]\s?(\d{2})?(?:\s?(?:mn|min|uhr)?|:\d{2})?|\s?uhr)?\s?([ap]\.?\s?m\.?)?$/iu;

/** Reads a time of day: `9h00`, `9 h`, `10:00`, `10.30`, `10:00:00`, `2:30 pm`, `24:00`, `midi`. */
export function readClock(text: string): ReadClock {
  const plain = text.normalize('NFKC').trim().replace(/\s+/g, ' ');
  if (/^(?:midi|noon|mediodía|meio-dia|mittag)$/iu.test(plain)) return { clock: '12:00' };
  if (/^(?:minuit|midnight)$/iu.test(plain)) return { fault: 'noon-or-midnight' };
  const [, hourText, minuteText, half] = CLOCK.exec(plain) ?? [];
  if (hourText === undefined || (minuteText === undefined && !half && !/h|uhr/iu.test(plain)))
    return { fault: 'unread' };
  let hours = Number(hourText);
  const minutes = Number(minuteText ?? 0);
  if (half) {
    if (hours === 0) return { fault: 'noon-or-midnight' };
    if (hours <= 12) hours = (hours % 12) + (/^p/iu.test(half) ? 12 : 0);
  }
  if (hours > 24 || minutes > 59 || (hours === 24 && minutes > 0)) return { fault: 'unread' };
  return { clock: `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}` };
}

/** A day that was read, `YYYY-MM-DD`; or why it is none: `month-first` where only the order month–day gives one. */
export type ReadDay = { day: string; fault?: undefined } | { fault: 'unread' | 'month-first' };

/** The names of the months in the languages of the pages, by their first letters. */
const MONTHS: [RegExp, number][] = [
  [/^(?:jan|ene|يناير)/iu, 1],
  [/^(?:f[eé][bv]|فبراير)/iu, 2],
  [/^(?:mar|mär|مارس)/iu, 3],
  [/^(?:a[vpb]r|أبريل)/iu, 4],
  [/^(?:mai|may|مايو)/iu, 5],
  [/^(?:juin|jun|يونيو)/iu, 6],
  [/^(?:juil|jul|يوليو)/iu, 7],
  [/^(?:ao[uû]|aug|ago|أغسطس)/iu, 8],
  [/^(?:sep|set|سبتمبر)/iu, 9],
  [/^(?:o[ck]t|out|أكتوبر)/iu, 10],
  [/^(?:nov|نوفمبر)/iu, 11],
  [/^(?:d[eé][cz]|dic|ديسمبر)/iu, 12],
];
const NAMED_DAY = /(?:^|\s)(\d{1,2})(?:er|st|nd|rd|th|\.)?\s+(?:de\s+)?(\p{L}{3,}\.?)\s*,?\s+(?:de\s+)?(\d{4})(?!\d)/iu;

/**
 * Reads a day: `2027-05-11`, `11/05/2027`, `11.05.27`, `mardi 11 mai 2027`. A day stands before its month, as in every language of the
 * pages; `monthFirst` says that this file has it the other way.
 */
export function readDay(text: string, { monthFirst = false } = {}): ReadDay {
  const plain = text.normalize('NFKC').trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$/.exec(plain);
  if (iso) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const digits = /^(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{2}|\d{4})$/.exec(plain);
  if (digits) {
    const [first, second] = [Number(digits[1]), Number(digits[2])];
    const year = Number(digits[3]) + (digits[3]?.length === 2 ? 2_000 : 0);
    const read = monthFirst ? dayOf(year, first, second) : dayOf(year, second, first);
    if (read.fault && !monthFirst && !dayOf(year, first, second).fault) return { fault: 'month-first' };
    return read;
  }
  const named = NAMED_DAY.exec(plain);
  const month = named && MONTHS.find(([pattern]) => pattern.test(named[2] as string))?.[1];
  return named && month ? dayOf(Number(named[3]), month, Number(named[1])) : { fault: 'unread' };
}

function dayOf(year: number, month: number, day: number): ReadDay {
  const date = DateTime.utc(year, month, day);
  return date.isValid && year >= 1970 && year <= 2999 ? { day: date.toISODate() } : { fault: 'unread' };
}

/** The minutes of a duration: `00:45`, `1:30`, `0:00:30` (days, hours, minutes), `PT45M`, `45 min`; undefined for another text. */
export function readDuration(text: string): number | undefined {
  const plain = text.trim();
  const parts = /^(?:(\d{1,6}):)?(\d{1,3}):(\d{2})$/.exec(plain);
  if (parts) return Number(parts[1] ?? 0) * 1_440 + Number(parts[2]) * 60 + Number(parts[3]);
  const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?$/.exec(plain);
  if (iso && plain.length > 2) return Number(iso[1] ?? 0) * 1_440 + Number(iso[2] ?? 0) * 60 + Number(iso[3] ?? 0);
  const hours = /^(\d{1,2})\s?h(?:\s?(\d{2}))?$/iu.exec(plain);
  if (hours) return Number(hours[1]) * 60 + Number(hours[2] ?? 0);
  const minutes = /^(\d{1,4})(?:\s?(?:min(?:utes?)?|mn|minuten|minutos)\.?)?$/iu.exec(plain);
  return minutes ? Number(minutes[1]) : undefined;
}

/** The instant of a local time in a zone. `24:00` is midnight at the end of the day. `shifted`: the clock never shows that time. */
export function instantOf(day: string, clock: string, timeZone: string): { instant: string; shifted: boolean } {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  const start = DateTime.fromISO(day, { zone: timeZone });
  const local = hours === 24 ? start.plus({ days: 1 }).startOf('day') : start.set({ hour: hours, minute: minutes });
  const shifted = hours !== 24 && (local.hour !== hours || local.minute !== minutes);
  return { instant: local.toUTC().toISO() as string, shifted };
}

/** The local day and clock of an instant in a zone. */
export function localOf(instant: string, timeZone: string): { day: string; clock: string } {
  const local = DateTime.fromISO(instant, { zone: timeZone });
  return { day: local.toISODate() as string, clock: local.toFormat('HH:mm') };
}

/** The offset of a zone at an instant, in minutes. */
export function offsetAt(instant: string, timeZone: string): number {
  return DateTime.fromISO(instant, { zone: timeZone }).offset;
}
