import { Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type CalendarEntry, calendarEntry, calendarFeed } from '#calendar';
import { type CalendarFeed, Id, type Locale, ProblemError } from '#contract';
import { emailAddress } from '#mail';
import type { SeatNow } from '#seats';
import { Access } from '../http/access.ts';
import { type Limit, Limits } from '../http/limits.ts';
import { RequestLocale } from '../http/locale.ts';
import { once } from '../http/repeatable.ts';
import { PARTS, type Parts } from '../parts.ts';
import { OwnSeats } from './own-seats.ts';

/** The statuses that are a seat; in a calendar, one that is not theirs for good yet is tentative. */
const seatStatuses = new Set(['confirmed', 'held', 'offered']);
const titles = { fr: 'Mes Cafés', en: 'My Cafés' };

/** A person's seats in their calendar: one as a file, all of them as a private feed. */
@Controller()
export class CalendarController {
  readonly #parts: Parts;
  readonly #access: Access;
  readonly #own: OwnSeats;
  /** By person: calendars of many people ask from the same few addresses, and cannot solve a proof of work. */
  readonly #asked: Limit;

  constructor(
    @Inject(PARTS) parts: Parts,
    @Inject(Access) access: Access,
    @Inject(OwnSeats) own: OwnSeats,
    @Inject(Limits) limits: Limits,
  ) {
    this.#parts = parts;
    this.#access = access;
    this.#own = own;
    this.#asked = limits.limit({ name: 'calendar-feed', points: 60, seconds: 60 });
  }

  @Get('registrations/:id/calendar.ics')
  async entry(
    @Param('id', { schema: Id }) id: string,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    await this.#own.confirmed(id, request);
    const now = await this.#parts.seats.seatNow(id);
    if (!now) throw new ProblemError('registration-not-found');
    asCalendar(reply, 'attachment; filename="comptoir.ics"');
    return calendarEntry(await this.#seat(now, locale), 'PUBLISH');
  }

  @Get('me/calendar-feed')
  async feed(@Req() request: FastifyRequest): Promise<CalendarFeed> {
    const { attendeeId } = this.#access.requireSession(request);
    return this.#addressOf(await this.#parts.people.calendarFeeds.tokenOf(attendeeId));
  }

  @Post('me/calendar-feed')
  @HttpCode(200)
  async renewFeed(@Req() request: FastifyRequest): Promise<CalendarFeed> {
    const { people } = this.#parts;
    const { attendeeId } = this.#access.requireSession(request);
    // What is kept with the key is that it was done: the address opens something, and is kept nowhere.
    await once(people, request, `calendar-feed ${attendeeId}`, {}, async () => {
      await people.calendarFeeds.renew(attendeeId);
      return { status: 200, answer: null };
    });
    return this.#addressOf(await people.calendarFeeds.tokenOf(attendeeId));
  }

  @Delete('me/calendar-feed')
  @HttpCode(204)
  async endFeed(@Req() request: FastifyRequest): Promise<void> {
    const { attendeeId } = this.#access.requireSession(request);
    await this.#parts.people.calendarFeeds.end(attendeeId);
  }

  /** Asked by a calendar, which has no session: the token is all that it knows. */
  @Get('me/calendar.ics')
  @Header('x-robots-tag', 'noindex')
  async seats(@Query('token') token: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { people, seats } = this.#parts;
    const attendeeId = typeof token === 'string' ? await people.calendarFeeds.attendeeOf(token) : undefined;
    if (attendeeId) await this.#asked.count(attendeeId);
    const person = attendeeId && (await people.personOf(attendeeId));
    if (!person) throw new ProblemError('calendar-feed-not-found');
    const all = await seats.registrationsOf(person.attendeeId);
    const now = await seats.seatsNow(
      all.filter(({ guest, status }) => !guest && seatStatuses.has(status)).map(({ id }) => id),
    );
    const entries = await Promise.all(now.map((each) => this.#seat(each, person.locale)));
    asCalendar(reply, 'inline; filename="comptoir.ics"');
    return calendarFeed(entries, titles[person.locale]);
  }

  async #seat({ registration, cafeVersion }: SeatNow, locale: Locale): Promise<CalendarEntry> {
    const facts = await this.#own.facts(registration, locale);
    return {
      ...facts,
      title: `${facts.label} – ${facts.title}`,
      location: facts.room,
      sequence: cafeVersion,
      organiser: { name: facts.event, email: emailAddress(this.#parts.configuration.MAIL_FROM) },
      tentative: registration.status !== 'confirmed',
    };
  }

  #addressOf(token: string | undefined): CalendarFeed {
    return token ? { url: `${this.#parts.configuration.PUBLIC_URL}/api/v1/me/calendar.ics?token=${token}` } : {};
  }
}

function asCalendar(reply: FastifyReply, disposition: string): void {
  reply.type('text/calendar; charset=utf-8').header('content-disposition', disposition);
}
