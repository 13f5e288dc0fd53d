import { inLanguage, type RegistrationStatus } from '#contract';
import type { OutboxMail } from '../outbox-mail.ts';
import type { ReachableAttendee } from '../readers.ts';
import type { MailContext } from './context.ts';

/** The status of an attendee of a delegation, as the mail to the delegate shows it. */
const delegatedStatus: Record<RegistrationStatus, 'confirmed' | 'waitlisted' | 'kept' | 'ended'> = {
  confirmed: 'confirmed',
  held: 'kept',
  offered: 'kept',
  waitlisted: 'waitlisted',
  cancelled: 'ended',
  expired: 'ended',
};

/** The data of messages about a Café, a delegation or an event. */
export class EventMailData<Typed> {
  readonly #context: MailContext<Typed>;

  constructor(context: MailContext<Typed>) {
    this.#context = context;
  }

  /**
   * The expected attendees of a Café, for a host of its room. Not sent when the Café was moved, is cancelled or is over, or when the
   * attendee is not a host of the room any more.
   */
  async hostList({ cafeId, aboutAt, takenAt }: OutboxMail, { attendeeId, locale }: ReachableAttendee) {
    const { seats, attendees, typed, publicUrl } = this.#context.sources;
    if (!cafeId) return undefined;
    if (aboutAt) {
      const cafe = await seats.cafe(cafeId);
      const isDue =
        cafe &&
        cafe.state !== 'cancelled' &&
        aboutAt.getTime() === Date.parse(cafe.startsAt) &&
        takenAt.getTime() < Date.parse(cafe.endsAt);
      if (!isDue) return undefined;
      const roles = await attendees.roles(attendeeId);
      if (!roles.some((role) => role.role === 'host' && role.roomId === cafe.roomId)) return undefined;
    }
    const list = await seats.hostList(cafeId);
    if (!list) return undefined;
    return {
      kind: 'host-list' as const,
      cafe: await this.#context.cafe(cafeId, locale),
      expected: list.expected.map(({ name, organisation, proved }) => ({
        name: typed(name),
        ...(organisation && { organisation: typed(organisation) }),
        proved,
      })),
      capacity: list.capacity,
      waitlisted: list.waitlisted,
      doorUrl: `${publicUrl}/host/cafes/${cafeId}`,
    };
  }

  /** The status of each attendee of a delegation, for the delegate. The mail names attendees by the addresses that the delegate typed. */
  async delegation({ delegationId }: OutboxMail, { locale }: ReachableAttendee) {
    const { seats, attendees, typed } = this.#context.sources;
    const registrations = delegationId ? await seats.delegated(delegationId) : [];
    const cafeId = registrations[0]?.cafeId;
    if (!cafeId) return undefined;
    const known = await attendees.attendees(registrations.map(({ attendeeId }) => attendeeId));
    const cafe = await this.#context.cafe(cafeId, locale);
    const waiting = registrations.find(({ waitlistPosition }) => waitlistPosition);
    const now = waiting && (await seats.seat(waiting.id));
    return {
      kind: 'delegation-summary' as const,
      cafe,
      waitsTogether: now?.waitsTogether,
      people: registrations.map(({ attendeeId, status, waitlistPosition }) => {
        const { email = '' } = known.get(attendeeId) ?? {};
        return { email: typed(email), status: delegatedStatus[status], position: waitlistPosition };
      }),
      programmeUrl: this.#context.programmeUrl(cafe),
    };
  }

  /** The thanks after an event. Not sent when a Café was moved and the event is not over. */
  async thanks({ eventId, aboutAt }: OutboxMail, attendee: ReachableAttendee) {
    const { seats, programme, typed } = this.#context.sources;
    const event = eventId ? await programme.event({ id: eventId }) : undefined;
    if (!event) return undefined;
    if (aboutAt && (await seats.eventOverAt(event.id)) !== aboutAt.toISOString()) return undefined;
    const { attendeeId, locale, name, email, organisation } = attendee;
    const all = await seats.registrationsOf(attendeeId);
    // Guest registrations that were not proved are left out.
    const ofEvent = all.filter(({ eventId: of, guest }) => of === event.id && !guest);
    const attended = ofEvent.filter(({ checkedInAt }) => checkedInAt);
    return {
      kind: 'thanks' as const,
      kept: {
        name: typed(name),
        email: typed(email),
        ...(organisation && { organisation: typed(organisation) }),
      },
      keepsOrganisation: organisation !== undefined,
      event: inLanguage(event.title, locale, event.locales[0] ?? locale) ?? '',
      ...(event.replyTo && { replyTo: event.replyTo }),
      attended: await Promise.all(attended.map(({ cafeId }) => this.#context.cafe(cafeId, locale))),
      registrations: ofEvent.length,
      dataUrl: this.#context.settingsUrl,
    };
  }
}
