import { stamp } from './time-zone.ts';

/** Pages of web calendars that show a new entry, filled in; nothing is written before the person says so there. */
export function webCalendarLinks(entry: {
  title: string;
  location: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
  /** The page of the registration. */
  url: string;
}): { google: string; outlook: string } {
  const { title, location, startsAt, endsAt, timeZone, url } = entry;
  const google = new URL('https://calendar.google.com/calendar/render');
  google.search = new URLSearchParams({
    action: 'TEMPLATE',
    text: title,
    dates: `${stamp(Date.parse(startsAt))}Z/${stamp(Date.parse(endsAt))}Z`,
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
  // Outlook shows a plus where the other calendar shows a space.
  return { google: google.href, outlook: outlook.href.replaceAll('+', '%20') };
}
