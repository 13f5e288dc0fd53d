import ical, {
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalAttendeeType,
  type ICalCalendar,
  ICalCalendarMethod,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import { oneLine } from '#platform';
import { calendarPeriodOf, timeZoneComponent, UTC_COMPONENT } from './time-zone.ts';

/** One seat as a calendar entry. Instants are ISO 8601. */
export interface CalendarEntry {
  registrationId: string;
  /** Only grows during the life of a registration. Of two entries, a calendar keeps the one with the higher number. */
  sequence: number;
  title: string;
  description?: string;
  startsAt: string;
  endsAt: string;
  /** The event's time zone (IANA). */
  timeZone: string;
  location: string;
  /** The page of the registration. */
  url: string;
  /** Some clients accept an invitation only if it is mailed from the organiser to the attendee. */
  organiser: { name: string; email: string };
  /** Without a name if the address is not proved, because another person may have typed it. */
  attendee?: { name?: string; email: string };
  /** The seat is kept and not confirmed yet. */
  tentative?: boolean;
}

/** What a calendar does with an entry (RFC 5546): show it, add or change it, remove it. */
export type CalendarMethod = 'PUBLISH' | 'REQUEST' | 'CANCEL';

/** How often a calendar that subscribes to a feed should read it, in seconds. */
const FEED_REFRESH_SECONDS = 3_600;

/** An iCalendar file of one seat (RFC 5545). Its UID stays the same during the life of the registration. */
export function calendarEntry(entry: CalendarEntry, method: CalendarMethod): string {
  const calendar = createCalendar(method);
  addEntry(calendar, entry, method === 'CANCEL');
  return textOf(calendar);
}

/** All seats of a person as a calendar to which other calendars subscribe. */
export function calendarFeed(entries: CalendarEntry[], name: string): string {
  const calendar = createCalendar('PUBLISH').ttl(FEED_REFRESH_SECONDS);
  // The library escapes all texts except this one.
  calendar.name(oneLine(name).replace(/[\\;,]/g, '\\$&'));
  for (const entry of entries) addEntry(calendar, entry, false);
  if (entries.length > 0) return textOf(calendar);
  // A calendar must have at least one component (RFC 5545, 3.6). Without entries, it has the component of UTC.
  return textOf(calendar).replace(/END:VCALENDAR\r\n$/, () => `${UTC_COMPONENT}\r\nEND:VCALENDAR\r\n`);
}

function createCalendar(method: CalendarMethod): ICalCalendar {
  return ical({
    prodId: '//Comptoir//Comptoir//FR',
    scale: 'GREGORIAN',
    method: ICalCalendarMethod[method],
    // The calendar itself has no zone: DTSTAMP is in UTC.
    timezone: { name: null, generator: timeZoneComponent },
  });
}

/** Each line of a file, including the last, ends with a line break. */
function textOf(calendar: ICalCalendar): string {
  return `${calendar.toString()}\r\n`;
}

function addEntry(calendar: ICalCalendar, entry: CalendarEntry, isCancelled: boolean): void {
  const { organiser, attendee, description } = entry;
  const { timeZone, start, end } = calendarPeriodOf(entry);
  const vevent = calendar.createEvent({
    id: `${entry.registrationId}@comptoir`,
    sequence: entry.sequence,
    start,
    end,
    timezone: timeZone,
    summary: oneLine(entry.title),
    description: description ? paragraphs(description) : null,
    location: oneLine(entry.location),
    // The library escapes these characters with backslashes, but a URI needs percent-encoding.
    url: entry.url.replace(/[;,\\]/g, encodeURIComponent),
    status: isCancelled
      ? ICalEventStatus.CANCELLED
      : entry.tentative
        ? ICalEventStatus.TENTATIVE
        : ICalEventStatus.CONFIRMED,
    transparency: isCancelled ? ICalEventTransparency.TRANSPARENT : ICalEventTransparency.OPAQUE,
    organizer: { name: parameter(organiser.name) || organiser.email, email: organiser.email },
  });
  if (!attendee) return;
  // Attendees ask for their seats themselves: they have accepted, and no reply is expected.
  vevent.createAttendee({
    email: attendee.email,
    name: attendee.name ? parameter(attendee.name) : null,
    role: ICalAttendeeRole.REQ,
    type: ICalAttendeeType.INDIVIDUAL,
    status: isCancelled ? ICalAttendeeStatus.DECLINED : ICalAttendeeStatus.ACCEPTED,
    rsvp: false,
  });
}

/** A text of several lines: all line breaks become one kind, and other control characters, such as tabs, become spaces. */
function paragraphs(text: string): string {
  return text.replace(/\r\n|[\r\u0085\u2028\u2029]/g, '\n').replace(/(?!\n)\p{Cc}+/gu, ' ');
}

/**
 * A name on one line, without the characters that RFC 6868 encodes. Clients without RFC 6868 would show them encoded, and clients with it
 * would read `^n` as a line break. A quote becomes typographic, and a caret becomes the letter that looks like it.
 */
function parameter(text: string): string {
  return oneLine(text).replaceAll('"', '’').replaceAll('^', 'ˆ');
}
