import { Controller } from '@nestjs/common';
import { type CalendarEntry, calendarEntry, calendarFeed } from '#calendar';
import { type CalendarFeed, type Locale, ProblemError } from '#contract';
import { Attendees, CalendarFeeds, IdempotencyKeys } from '#identity';
import { calendarTitle, emailAddress } from '#mail';
import { Configuration } from '#platform';
import { MessageReads, RegistrationReads, type SeatNow } from '#seats';
import { type CallInput, Handles } from '../http/call.ts';
import { type Limit, Limits } from '../http/limits.ts';
import { runOnce } from '../http/repeatable.ts';
import { OwnSeats, requireConfirmed } from './own-seats.ts';

/** The statuses with a seat. In a calendar, a seat that is not confirmed is tentative. */
const seatStatuses = new Set(['confirmed', 'held', 'offered']);
const titles = { fr: 'Mes Cafés', en: 'My Cafés' };

/** The seats of an attendee for calendars: one seat as a file, all seats as a private feed. */
@Controller()
export class CalendarController {
  readonly #calendarFeeds: CalendarFeeds;
  readonly #attendees: Attendees;
  readonly #idempotencyKeys: IdempotencyKeys;
  readonly #messages: MessageReads;
  readonly #reads: RegistrationReads;
  readonly #configuration: Configuration;
  readonly #own: OwnSeats;
  /** The limit for reads of feeds, by attendee, because calendar services read the feeds of many people from few addresses, and cannot solve a proof of work. */
  readonly #feedReads: Limit;

  constructor(
    calendarFeeds: CalendarFeeds,
    attendees: Attendees,
    idempotencyKeys: IdempotencyKeys,
    messages: MessageReads,
    reads: RegistrationReads,
    configuration: Configuration,
    own: OwnSeats,
    limits: Limits,
  ) {
    this.#calendarFeeds = calendarFeeds;
    this.#attendees = attendees;
    this.#idempotencyKeys = idempotencyKeys;
    this.#messages = messages;
    this.#reads = reads;
    this.#configuration = configuration;
    this.#own = own;
    this.#feedReads = limits.limit({ name: 'calendar-feed', points: 60, seconds: 60 });
  }

  @Handles('GET /registrations/{id}/calendar.ics')
  async entry(input: CallInput<'GET /registrations/{id}/calendar.ics'>): Promise<string> {
    const { id, locale, registration, reply } = input;
    requireConfirmed(registration);
    const now = await this.#messages.seatNow(id);
    if (!now) throw new ProblemError('registration-not-found');
    reply.header('content-disposition', 'attachment; filename="comptoir.ics"');
    return calendarEntry(await this.#seat(now, locale), 'PUBLISH');
  }

  @Handles('GET /me/calendar-feed')
  async feed({ session }: CallInput<'GET /me/calendar-feed'>): Promise<CalendarFeed> {
    return this.#addressOf(await this.#calendarFeeds.tokenOf(session.attendeeId));
  }

  @Handles('POST /me/calendar-feed')
  async renewFeed({ session, request }: CallInput<'POST /me/calendar-feed'>): Promise<CalendarFeed> {
    const { attendeeId } = session;
    // The stored answer for the idempotency key contains that the feed was created, and not its address, which gives access to the feed.
    await runOnce(this.#idempotencyKeys, { request, scope: `calendar-feed ${attendeeId}`, body: {} }, async () => {
      await this.#calendarFeeds.renew(attendeeId);
      return { status: 200, answer: null };
    });
    return this.#addressOf(await this.#calendarFeeds.tokenOf(attendeeId));
  }

  @Handles('DELETE /me/calendar-feed')
  async endFeed({ session }: CallInput<'DELETE /me/calendar-feed'>): Promise<void> {
    await this.#calendarFeeds.end(session.attendeeId);
  }

  /** Read by calendar services, which have a token and no session. */
  @Handles('GET /me/calendar.ics')
  async seats({ query, reply }: CallInput<'GET /me/calendar.ics'>): Promise<string> {
    const attendeeId = await this.#calendarFeeds.attendeeOf(query.token);
    if (attendeeId) await this.#feedReads.count(attendeeId);
    const person = attendeeId && (await this.#attendees.findById(attendeeId));
    if (!person) throw new ProblemError('calendar-feed-not-found');
    const all = await this.#reads.registrationsOf(person.attendeeId);
    const now = await this.#messages.seatsNow(
      all.filter(({ guest, status }) => !guest && seatStatuses.has(status)).map(({ id }) => id),
    );
    const entries = await Promise.all(now.map((each) => this.#seat(each, person.locale)));
    reply.headers({ 'content-disposition': 'inline; filename="comptoir.ics"', 'x-robots-tag': 'noindex' });
    return calendarFeed(entries, titles[person.locale]);
  }

  async #seat({ registration, cafeVersion }: SeatNow, locale: Locale): Promise<CalendarEntry> {
    const facts = await this.#own.facts(registration, locale);
    return {
      ...facts,
      title: calendarTitle(facts, locale),
      location: facts.room,
      sequence: cafeVersion,
      organiser: { name: facts.event, email: emailAddress(this.#configuration.MAIL_FROM) },
      tentative: registration.status !== 'confirmed',
    };
  }

  #addressOf(token: string | undefined): CalendarFeed {
    return token ? { url: `${this.#configuration.PUBLIC_URL}/api/v1/me/calendar.ics?token=${token}` } : {};
  }
}
