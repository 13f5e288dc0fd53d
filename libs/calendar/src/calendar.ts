import { oneLine } from '#platform';
import { isShownTwice, stamp, timeZonePart, wallClock } from './time-zone.ts';

/** One seat as a calendar entry. */
export interface CalendarEntry {
  registrationId: string;
  /** Only grows in a registration's life; of two entries a calendar keeps the one with the higher number. */
  sequence: number;
  title: string;
  description?: string;
  startsAt: string;
  endsAt: string;
  /** Of the event (IANA). */
  timeZone: string;
  location: string;
  /** The page of the registration. */
  url: string;
  /** Some clients accept an invitation only if it is mailed from the organiser to the attendee. */
  organiser: { name: string; email: string };
  /** Without a name where the address is not proved: anybody may have typed it. */
  attendee?: { name?: string; email: string };
  /** The seat is kept, but not theirs yet. */
  tentative?: boolean;
}

/** What a calendar is told (RFC 5546): that there is an entry, that it is for them or changed, that it is no more. */
export type CalendarMethod = 'PUBLISH' | 'REQUEST' | 'CANCEL';

/** How often a calendar that follows a feed should ask. */
const FEED_REFRESH = 'PT1H';

/** An iCalendar file of one seat (RFC 5545). Its UID stays the same for the registration's life. */
export function calendarEntry(seat: CalendarEntry, method: CalendarMethod): string {
  return calendar([`METHOD:${method}`], [seat], method === 'CANCEL');
}

/** All of a person's seats as a calendar that is followed. */
export function calendarFeed(seats: CalendarEntry[], name: string): string {
  return calendar(
    [
      'METHOD:PUBLISH',
      `NAME:${escaped(name)}`,
      `X-WR-CALNAME:${escaped(name)}`,
      `REFRESH-INTERVAL;VALUE=DURATION:${FEED_REFRESH}`,
      `X-PUBLISHED-TTL:${FEED_REFRESH}`,
    ],
    seats,
    false,
  );
}

function calendar(head: string[], seats: CalendarEntry[], cancelled: boolean): string {
  const zones = Map.groupBy(seats, ({ timeZone }) => timeZone);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Comptoir//Comptoir//FR',
    'CALSCALE:GREGORIAN',
    ...head,
    ...[...zones].flatMap(([timeZone, there]) =>
      timeZonePart(
        timeZone,
        there.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]),
      ),
    ),
    ...seats.flatMap((seat) => entry(seat, cancelled)),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

function entry(seat: CalendarEntry, cancelled: boolean): string[] {
  const { organiser, attendee } = seat;
  const status = cancelled ? 'CANCELLED' : seat.tentative ? 'TENTATIVE' : 'CONFIRMED';
  return [
    'BEGIN:VEVENT',
    `UID:${seat.registrationId}@comptoir`,
    `SEQUENCE:${seat.sequence}`,
    `DTSTAMP:${stamp(Date.now())}Z`,
    ...times(seat),
    `SUMMARY:${escaped(seat.title)}`,
    ...(seat.description ? [`DESCRIPTION:${escaped(seat.description)}`] : []),
    `LOCATION:${escaped(seat.location)}`,
    `URL:${seat.url}`,
    `STATUS:${status}`,
    `TRANSP:${cancelled ? 'TRANSPARENT' : 'OPAQUE'}`,
    `ORGANIZER;CN=${quoted(organiser.name)}:mailto:${organiser.email}`,
    ...(attendee
      ? [
          // They asked for the seat themselves, so they have accepted, and no answer is waited for.
          `ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=${cancelled ? 'DECLINED' : 'ACCEPTED'};RSVP=FALSE${attendee.name ? `;CN=${quoted(attendee.name)}` : ''}:mailto:${attendee.email}`,
        ]
      : []),
    'END:VEVENT',
  ];
}

/**
 * When it starts and ends, in the event's zone; in UTC where the clock there shows an hour twice, for which iCalendar has one name
 * only (RFC 5545, 3.3.5): both, because some clients want them alike.
 */
function times({ startsAt, endsAt, timeZone }: CalendarEntry): string[] {
  const inUtc = [startsAt, endsAt].some((instant) => isShownTwice(instant, timeZone));
  const time = (property: string, instant: string) =>
    inUtc
      ? `${property}:${stamp(Date.parse(instant))}Z`
      : `${property};TZID=${timeZone}:${wallClock(instant, timeZone)}`;
  return [time('DTSTART', startsAt), time('DTEND', endsAt)];
}

/** A text as a value (RFC 5545, 3.3.11). Control characters but line breaks are left out. */
function escaped(text: string): string {
  return text
    .replace(/\r\n|[\r\u2028\u2029]/g, '\n')
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replace(/\p{Cc}/gu, '');
}

/** A text as a parameter (3.2): one line in quotes, without quotes of its own. */
function quoted(text: string): string {
  return `"${oneLine(text).replaceAll('"', '’')}"`;
}

const LINE_BYTES_MAX = 75;

/** A line in pieces of at most 75 bytes, never within a character (3.1). */
function folded(line: string): string {
  if (Buffer.byteLength(line) <= LINE_BYTES_MAX) return line;
  let text = '';
  let bytes = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > LINE_BYTES_MAX) {
      text += '\r\n ';
      bytes = 1;
    }
    text += character;
    bytes += size;
  }
  return text;
}
