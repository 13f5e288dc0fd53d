import { DateTime } from 'luxon';

/** Addresses of web calendars that open a new entry, filled in. The person decides whether to save it. */
export function webCalendarLinks(entry: {
  title: string;
  location: string;
  /** ISO 8601 instants. */
  startsAt: string;
  endsAt: string;
  /** The event's time zone (IANA). */
  timeZone: string;
  /** The page of the registration. */
  url: string;
}): { google: string; outlook: string } {
  const { title, location, startsAt, endsAt, timeZone, url } = entry;
  const google = new URL('https://calendar.google.com/calendar/render');
  google.search = new URLSearchParams({
    action: 'TEMPLATE',
    text: title,
    dates: [startsAt, endsAt].map(basicUtc).join('/'),
    ctz: timeZone,
    location,
    details: url,
  }).toString();
  const outlook = new URL('https://outlook.live.com/calendar/0/deeplink/compose');
  outlook.search = new URLSearchParams({
    path: '/calendar/action/compose',
    rru: 'addevent',
    subject: title,
    startdt: startsAt,
    enddt: endsAt,
    location,
    body: url,
  }).toString();
  // Outlook shows a plus, and Google shows a space.
  return { google: google.href, outlook: outlook.href.replaceAll('+', '%20') };
}

/** `20261125T133000Z` */
function basicUtc(instant: string): string {
  return DateTime.fromISO(instant, { zone: 'utc' }).toFormat("yyyyMMdd'T'HHmmss'Z'");
}
