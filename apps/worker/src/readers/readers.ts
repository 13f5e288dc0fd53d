import type { Attendees, RegistrationLinks, ReminderLinks, Roles, SignIn } from '#identity';
import type { AttendeeReader, ProgrammeReader, SeatReader, SignInReader } from '#notifications';
import type { Programme } from '#programme';
import { composeAttendance, peopleOfAttendance, type ScheduleReads, type SeatReads } from '#seats';
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
export function signInReader(signIn: SignIn, links: RegistrationLinks, reminders: ReminderLinks): SignInReader {
  return {
    challenge: (id) => signIn.findChallenge(id),
    challengeFor: (mail) => signIn.challengeForMail(mail),
    signInCode: (id) => signIn.codeOf(id),
    signInLink: (id, next) => signIn.linkOf(id, next),
    remindersOffLink: (attendeeId) => reminders.link(attendeeId),
    registrationOpener: (id) => ({ key: links.key(id), code: links.code(id) }),
  };
}

/** Seats from libs/seats, names from libs/identity. */
export function seatReader(reads: SeatReads, schedule: ScheduleReads, attendees: Attendees): SeatReader {
  return {
    seat: mailDataLoader(
      (ids) => reads.seatsNow(ids),
      ({ registration }) => registration.id,
    ),
    pastOf: (registration) => reads.pastOf(registration),
    givenBackFor: (registration) => reads.givenBackFor(registration),
    placeBefore: (cafeId) => reads.placeBefore(cafeId),
    delegated: (delegationId) => reads.delegated(delegationId),
    clashesWith: (attendeeId, cafeId) => reads.clashesWith(attendeeId, cafeId),
    registrationsOf: (attendeeId) => reads.registrationsOf(attendeeId),
    cafe: (cafeId) => schedule.cafeNow(cafeId),
    eventOverAt: (eventId) => schedule.eventOverAt(eventId),
    async hostList(cafeId) {
      const attendance = await reads.attendanceOf(cafeId);
      if (!attendance) return undefined;
      const names = await attendees.findByIds(peopleOfAttendance(attendance.people));
      const attendeeOf = new Map(attendance.people.map((each) => [each.registrationId, each.attendeeId]));
      const { capacity, waitlisted, people } = composeAttendance(attendance, names);
      const expected = people
        .filter(({ status }) => status === 'confirmed')
        .map(({ registrationId, name, organisation }) => ({
          name,
          ...(organisation && { organisation }),
          proved: names.get(attendeeOf.get(registrationId) ?? '')?.proved ?? false,
        }));
      return { capacity, waitlisted, expected };
    },
  };
}

/** Cafés, events and rooms, from libs/programme. */
export function programmeReader(programme: Programme): ProgrammeReader {
  return {
    cafe: mailDataLoader(
      (ids) => programme.cafes(ids),
      ({ id }) => id,
    ),
    eventById: mailDataLoader(
      (ids) => programme.eventsById(ids),
      ({ id }) => id,
    ),
    room: mailDataLoader(
      (ids) => programme.roomsById(ids),
      ({ id }) => id,
    ),
  };
}
