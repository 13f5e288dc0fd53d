import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';

/** One seat as a calendar entry. */
export interface CalendarSeat {
  registrationId: string;
  title: string;
  description?: string;
  startsAt: string;
  endsAt: string;
  location: string;
  /** The page of the registration. */
  url: string;
  organiser: { name: string; email: string };
  attendee?: { name: string; email: string };
}

/**
 * An iCalendar file of one event (RFC 5545, RFC 5546), instants in UTC. Its UID stays the same for a registration's life;
 * a cancellation comes with a higher SEQUENCE.
 */
export function calendarEntry(seat: CalendarSeat, method: 'PUBLISH' | 'REQUEST' | 'CANCEL'): string {
  const calendar = ical({ prodId: { company: 'Comptoir', product: 'Comptoir', language: 'FR' } });
  calendar.method(ICalCalendarMethod[method]);
  const event = calendar.createEvent({
    id: `${seat.registrationId}@comptoir`,
    sequence: method === 'CANCEL' ? 1 : 0,
    start: new Date(seat.startsAt),
    end: new Date(seat.endsAt),
    summary: seat.title,
    description: seat.description ?? null,
    location: seat.location,
    url: seat.url,
    status: method === 'CANCEL' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    organizer: seat.organiser,
  });
  if (seat.attendee) event.createAttendee({ ...seat.attendee, rsvp: false });
  return calendar.toString();
}
