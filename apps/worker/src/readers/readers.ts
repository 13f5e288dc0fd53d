import type { Attendees, RegistrationLinks, ReminderLinks, Roles, SignInMails } from '#identity';
import type { AttendeeReader, ProgrammeReader, SeatReader, SignInReader } from '#notifications';
import type { Programme } from '#programme';
import {
  type AttendanceReads,
  composeAttendance,
  type MessageReads,
  peopleOfAttendance,
  type RegistrationReads,
  type ScheduleReads,
} from '#seats';
import { mailDataLoader } from './mail-data-loader.ts';

/** Attendees and roles, from libs/identity. */
export function attendeeReader(attendees: Attendees, roles: Roles): AttendeeReader {
  return {
    attendee: mailDataLoader(
      async (ids) => [...(await attendees.findByIds(ids)).values()],
      ({ attendeeId }) => attendeeId,
    ),
    attendees: (ids) => attendees.findByIds(ids),
    attendeeByEmail: (email) => attendees.findByEmail(email),
    roles: (attendeeId) => roles.of(attendeeId),
    async hostsOf({ eventId, roomId }) {
      const holders = await roles.in(eventId);
      const hosts = holders.filter(({ role }) => role.role === 'host' && role.roomId === roomId);
      const found = await Promise.all(hosts.map(({ email }) => attendees.findByEmail(email)));
      return found.flatMap((attendee) => attendee?.attendeeId ?? []);
    },
  };
}

/** Codes, links and keys, from libs/identity. */
export function signInReader(mails: SignInMails, links: RegistrationLinks, reminders: ReminderLinks): SignInReader {
  return {
    challenge: (id) => mails.findChallenge(id),
    challengeFor: (mail) => mails.challengeForMail(mail),
    signInCode: (id) => mails.codeOf(id),
    signInLink: (id, next) => mails.linkOf(id, next),
    remindersOffLink: (attendeeId) => reminders.link(attendeeId),
    registrationOpener: (id) => ({ key: links.key(id), code: links.code(id) }),
  };
}

/** Seats from libs/seats, names from libs/identity. */
export function seatReader(
  messages: MessageReads,
  registrations: RegistrationReads,
  attendance: AttendanceReads,
  schedule: ScheduleReads,
  attendees: Attendees,
): SeatReader {
  return {
    seat: mailDataLoader(
      (ids) => messages.seatsNow(ids),
      ({ registration }) => registration.id,
    ),
    pastOf: (registration) => messages.pastOf(registration),
    givenBackFor: (registration) => messages.givenBackFor(registration),
    placeAt: (cafeId, at) => messages.placeAt(cafeId, at),
    isMovedSince: (registrationId, since) => messages.isMovedSince(registrationId, since),
    delegated: (delegationId) => messages.delegated(delegationId),
    clashesWith: (attendeeId, cafeId) => registrations.clashesWith(attendeeId, cafeId),
    registrationsOf: (attendeeId) => registrations.registrationsOf(attendeeId),
    cafe: (cafeId) => schedule.cafeNow(cafeId),
    eventOverAt: (eventId) => schedule.eventOverAt(eventId),
    async hostList(cafeId) {
      const found = await attendance.attendanceOf(cafeId);
      if (!found) return undefined;
      const names = await attendees.findByIds(peopleOfAttendance(found.people));
      const attendeeOf = new Map(found.people.map((each) => [each.registrationId, each.attendeeId]));
      const { capacity, waitlisted, people } = composeAttendance(found, names);
      const expected = people
        .filter(({ status }) => status === 'confirmed')
        .map(({ registrationId, name, organisation }) => ({
          name,
          ...(organisation && { organisation }),
          proved: isAddressSettled(names.get(attendeeOf.get(registrationId) ?? '')),
        }));
      return { capacity, waitlisted, expected };
    },
  };
}

/** Whether no address is left to be proved. A walk-in may have none. */
function isAddressSettled(attendee: { proved: boolean; email?: string } | undefined): boolean {
  return attendee !== undefined && (attendee.proved || attendee.email === undefined);
}

/** Cafés, events and rooms, from libs/programme. */
export function programmeReader(programme: Programme): ProgrammeReader {
  const event = mailDataLoader(
    (ids) => Promise.all(ids.map((id) => programme.event({ id }))),
    ({ id }) => id,
  );
  return {
    cafe: mailDataLoader(
      (ids) => programme.cafes(ids),
      ({ id }) => id,
    ),
    event: ({ id }) => event(id),
    room: mailDataLoader(
      (ids) => Promise.all(ids.map((id) => programme.room(id))),
      ({ id }) => id,
    ),
  };
}
