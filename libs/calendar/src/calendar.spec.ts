import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import ICAL from 'ical.js';
import { type CalendarEntry, calendarEntry, calendarFeed } from './calendar.ts';
import { webCalendarLinks } from './web-calendar-links.ts';

const seat: CalendarEntry = {
  registrationId: '01a20b7e-760d-7f6c-8c8c-1999dc5a0a1a',
  sequence: 7,
  title: 'Café 3 : Logement social, coopération; et « après » ?',
  description: 'Une ligne.\nUne autre \\ avec, des; signes.',
  startsAt: '2026-11-25T13:30:00.000Z',
  endsAt: '2026-11-25T14:15:00.000Z',
  timeZone: 'Europe/Paris',
  location: 'Salle Étoile 3, 1er étage',
  url: 'https://comptoir.test/registrations/1?a=1;2',
  organiser: { name: 'Rencontres, 2026: "Paris"', email: 'comptoir@comptoir.test' },
  attendee: { name: 'Zoé; Lefèvre', email: 'zoe@example.org' },
};

/** The calendar and its entries, with the time zones that the file contains. */
function read(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const zones = new Map(
    calendar.getAllSubcomponents('vtimezone').map((part) => {
      const zone = new ICAL.Timezone(part);
      return [zone.tzid, zone];
    }),
  );
  const entries = calendar.getAllSubcomponents('vevent').map((part) => {
    const event = new ICAL.Event(part);
    const instant = (name: 'dtstart' | 'dtend') => {
      const property = part.getFirstProperty(name);
      const time = property?.getFirstValue() as ICAL.Time;
      const zone = property?.getParameter('tzid');
      if (zone) time.zone = zones.get(zone as string) as ICAL.Timezone;
      return time.toJSDate().toISOString();
    };
    return { event, part, startsAt: instant('dtstart'), endsAt: instant('dtend') };
  });
  return { calendar, zones, entries };
}

describe('a calendar entry', () => {
  it('contains the title, times, place and attendee, and the number by which the newer of two entries is known', () => {
    const { calendar, entries } = read(calendarEntry(seat, 'REQUEST'));
    expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST');
    const [{ event, part, startsAt, endsAt }] = entries as [(typeof entries)[0]];
    expect([event.uid, event.sequence, startsAt, endsAt]).toEqual([
      `${seat.registrationId}@comptoir`,
      7,
      seat.startsAt,
      seat.endsAt,
    ]);
    expect([event.summary, event.location, event.description]).toEqual([seat.title, seat.location, seat.description]);
    expect(new URL(part.getFirstPropertyValue('url') as string).searchParams.get('a')).toBe('1;2');
    expect([event.organizer, part.getFirstProperty('organizer')?.getParameter('cn')]).toEqual([
      'mailto:comptoir@comptoir.test',
      'Rencontres, 2026: ’Paris’',
    ]);
    const [attendee] = event.attendees;
    expect([
      String(attendee?.getFirstValue()).toLowerCase(),
      attendee?.getParameter('cn'),
      attendee?.getParameter('rsvp'),
    ]).toEqual(['mailto:zoe@example.org', 'Zoé; Lefèvre', 'FALSE']);
  });

  it('is removed by a CANCEL of the same id', () => {
    const { calendar, entries } = read(calendarEntry({ ...seat, sequence: 9 }, 'CANCEL'));
    expect(calendar.getFirstPropertyValue('method')).toBe('CANCEL');
    expect([entries[0]?.event.uid, entries[0]?.event.sequence]).toEqual([`${seat.registrationId}@comptoir`, 9]);
    expect(entries[0]?.part.getFirstPropertyValue('status')).toBe('CANCELLED');
  });

  it('has right times with the VTIMEZONE component of the file, in every zone and season', () => {
    const zones = [
      'Europe/Paris',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'UTC',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2024, 0) / 60_000, max: Date.UTC(2029, 0) / 60_000 }),
        (timeZone, minute) => {
          const startsAt = new Date(minute * 60_000).toISOString();
          const endsAt = new Date((minute + 45) * 60_000).toISOString();
          const { entries } = read(calendarEntry({ ...seat, timeZone, startsAt, endsAt }, 'PUBLISH'));
          expect([entries[0]?.startsAt, entries[0]?.endsAt]).toEqual([startsAt, endsAt]);
        },
      ),
      { numRuns: 300, seed: 4 },
    );
  });

  it.each([
    ['in the first of two such hours', '2026-10-25T00:05:00.000Z', '2026-10-25T00:50:00.000Z'],
    ['from the first into the second', '2026-10-25T00:45:00.000Z', '2026-10-25T01:15:00.000Z'],
    ['from before them into the second', '2026-10-24T23:50:00.000Z', '2026-10-25T01:05:00.000Z'],
    ['from the second on', '2026-10-25T01:59:00.000Z', '2026-10-25T02:30:00.000Z'],
  ])('is in UTC if its local time occurs twice: %s', (_, startsAt, endsAt) => {
    const text = calendarEntry({ ...seat, startsAt, endsAt }, 'PUBLISH');
    const [entry] = read(text).entries;
    expect([entry?.startsAt, entry?.endsAt]).toEqual([startsAt, endsAt]);
    expect(text).toMatch(/DTSTART:\d+T\d+Z\r\nDTEND:\d+T\d+Z\r\n/);
  });

  it('is in UTC if the country of its zone has changed its rule since', () => {
    const period = { startsAt: '2025-11-25T13:30:00.000Z', endsAt: '2025-11-25T14:15:00.000Z' };
    const text = calendarEntry({ ...seat, ...period, timeZone: 'Africa/Casablanca' }, 'PUBLISH');
    expect(text).toContain('DTSTART:20251125T133000Z\r\nDTEND:20251125T141500Z\r\n');
    expect(text).not.toContain('VTIMEZONE');
  });

  it('uses the current name of a zone', () => {
    const text = calendarEntry({ ...seat, timeZone: 'Asia/Calcutta' }, 'PUBLISH');
    expect(text).toContain('TZID:Asia/Kolkata\r\n');
    expect(text).toContain('DTSTART;TZID=Asia/Kolkata:20261125T190000\r\n');
  });

  it('contains the yearly rule of a zone if there is one', () => {
    const text = calendarEntry(seat, 'PUBLISH');
    expect(text).toContain('DTSTART;TZID=Europe/Paris:20261125T143000\r\n');
    expect(text).toContain('RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU');
    expect(text).toContain('RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU');
    expect(calendarEntry({ ...seat, timeZone: 'America/New_York' }, 'PUBLISH')).toContain('BYMONTH=3;BYDAY=2SU');
    expect(calendarEntry({ ...seat, timeZone: 'Africa/Casablanca' }, 'PUBLISH')).not.toContain('RRULE');
  });

  it('contains any text as it was typed, in lines of 75 bytes, and a text cannot inject a property', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (typed) => {
        const hostile = `${typed}\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:x`;
        const text = calendarEntry(
          { ...seat, title: hostile, organiser: { ...seat.organiser, name: hostile } },
          'REQUEST',
        );
        for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        const { entries } = read(text);
        expect(entries).toHaveLength(1);
        expect(entries[0]?.event.summary).toBe(hostile.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim());
      }),
      { numRuns: 200, seed: 4 },
    );
  });

  it('keeps words separate that a tab or a line break separates, and the lines of a description', () => {
    const { entries } = read(
      calendarEntry(
        {
          ...seat,
          title: 'Eau\tet\r\nclimat',
          location: 'Salle\tÉtoile\n3',
          description: 'Une\tligne.\r\nUne autre.\u2028La fin.',
        },
        'PUBLISH',
      ),
    );
    const [{ event }] = entries as [(typeof entries)[0]];
    expect([event.summary, event.location, event.description]).toEqual([
      'Eau et climat',
      'Salle Étoile 3',
      'Une ligne.\nUne autre.\nLa fin.',
    ]);
  });

  it('shows a name with a caret unchanged in clients with and without RFC 6868', () => {
    const text = calendarEntry(
      { ...seat, attendee: { name: 'Zoé^n ^^ ^\' "L"', email: 'zoe@example.org' } },
      'REQUEST',
    ).replaceAll('\r\n ', '');
    expect(text).not.toMatch(/CN="[^"]*\^/);
    expect(read(text).entries[0]?.event.attendees[0]?.getParameter('cn')).toBe("Zoéˆn ˆˆ ˆ' ’L’");
  });
});

describe('a feed', () => {
  it('contains all seats, with seats that are not confirmed as tentative, and each zone once', () => {
    const other = { ...seat, registrationId: '01a20b7e-760d-7f6c-8c8c-1999dc5a0a1b', tentative: true };
    const third = { ...other, registrationId: '01a20b7e-760d-7f6c-8c8c-1999dc5a0a1c', timeZone: 'Asia/Kolkata' };
    const { calendar, zones, entries } = read(calendarFeed([seat, other, third], 'Mes Cafés'));
    expect(entries.map(({ part }) => part.getFirstPropertyValue('status'))).toEqual([
      'CONFIRMED',
      'TENTATIVE',
      'TENTATIVE',
    ]);
    expect([...zones.keys()]).toEqual(['Europe/Paris', 'Asia/Kolkata']);
    expect(calendar.getFirstPropertyValue('x-wr-calname')).toBe('Mes Cafés');
  });

  it('without a seat is a valid calendar: it has a component', () => {
    const { calendar, entries } = read(calendarFeed([], 'Mes Cafés'));
    expect(entries).toEqual([]);
    expect(calendar.getAllSubcomponents().length).toBeGreaterThan(0);
    expect(calendar.getFirstPropertyValue('x-wr-calname')).toBe('Mes Cafés');
  });
});

describe('a link to a web calendar', () => {
  it('fills in the entry and does nothing else', () => {
    const { google, outlook } = webCalendarLinks({ ...seat, title: 'A & B + « c »?#' });
    const there = new URL(google).searchParams;
    expect([there.get('text'), there.get('dates'), there.get('ctz')]).toEqual([
      'A & B + « c »?#',
      '20261125T133000Z/20261125T141500Z',
      'Europe/Paris',
    ]);
    expect(new URL(outlook).searchParams.get('subject')).toBe('A & B + « c »?#');
    expect(outlook).not.toContain('+');
  });
});
