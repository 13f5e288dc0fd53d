import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  Delegation,
  type DelegationAnswer,
  type DelegationPreview,
  DelegationQuestion,
  Id,
  type Locale,
  ProblemError,
  type Receipt,
  type Registration,
  Swap,
} from '#contract';
import { calendarEntry } from '#mail';
import type { RegistrationChanged } from '#seats';
import { Access } from '../http/access.ts';
import { Limit } from '../http/limits.ts';
import { RequestLocale } from '../http/locale.ts';
import { PARTS, type Parts } from '../parts.ts';
import { CafeView } from '../programme/cafe-view.ts';

/** What a person has: their seats, tickets and calendar entries. How a seat is taken stands in claims.ts. */
@Controller()
export class RegistrationsController {
  readonly #parts: Parts;
  readonly #access: Access;
  readonly #view: CafeView;
  /** People named in delegations, by who names them: each may be sent a mail. */
  readonly #delegated = new Limit({ max: 200, windowSeconds: 3_600 });

  constructor(@Inject(PARTS) parts: Parts, @Inject(Access) access: Access, @Inject(CafeView) view: CafeView) {
    this.#parts = parts;
    this.#access = access;
    this.#view = view;
  }

  @Get('me/registrations')
  mine(@Req() request: FastifyRequest): Promise<Registration[]> {
    return this.#parts.seats.registrationsOf(this.#access.requireSession(request).attendeeId);
  }

  @Delete('registrations/:id')
  @HttpCode(200)
  async cancel(@Param('id', { schema: Id }) id: string, @Req() request: FastifyRequest): Promise<Registration> {
    const { attendeeId } = this.#access.requireSession(request);
    return this.#published(await this.#parts.seats.cancel(id, attendeeId));
  }

  @Post('registrations/:id/accept')
  @HttpCode(200)
  async accept(
    @Param('id', { schema: Id }) id: string,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
  ) {
    const { attendeeId } = this.#access.requireSession(request);
    return this.#view.withTitles(locale, async () => this.#published(await this.#parts.seats.accept(id, attendeeId)));
  }

  @Post('registrations/:id/decline')
  @HttpCode(200)
  async decline(@Param('id', { schema: Id }) id: string, @Req() request: FastifyRequest): Promise<Registration> {
    const { attendeeId } = this.#access.requireSession(request);
    return this.#published(await this.#parts.seats.decline(id, attendeeId));
  }

  @Post('registrations/:id/swap')
  @HttpCode(200)
  async swap(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Swap }) { cafeId }: { cafeId: string },
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
  ): Promise<Registration> {
    const { attendeeId } = this.#access.requireSession(request);
    return this.#view.withTitles(locale, async () =>
      this.#published(await this.#parts.seats.swap(id, cafeId.toLowerCase(), attendeeId)),
    );
  }

  @Get('registrations/:id/receipt')
  async receipt(@Param('id', { schema: Id }) id: string, @Req() request: FastifyRequest): Promise<Receipt> {
    const registration = await this.#own(id, request);
    return { registrationId: registration.id, events: await this.#parts.seats.receiptOf(registration) };
  }

  @Post('cafes/:id/delegations')
  @HttpCode(200)
  async delegate(
    @Param('id', { schema: Id }) cafeId: string,
    @Body({ schema: Delegation }) { mode, people }: Delegation,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
  ): Promise<DelegationAnswer> {
    const { attendeeId } = this.#access.requireSession(request);
    this.#delegated.count(attendeeId, people.length);
    const attendeeIds = [];
    for (const person of people) attendeeIds.push(await this.#parts.people.named({ locale, ...person }));
    const { answers, changed } = await this.#parts.seats.claimTogether({ cafeId, attendeeIds, mode, by: attendeeId });
    this.#parts.feed.publish(changed);
    return {
      people: answers.map(({ outcome, registration }, index) => ({
        email: people[index]?.email ?? '',
        // Neither is an outcome of one person: they are thrown for all of them.
        outcome: outcome as Exclude<typeof outcome, 'cafe-not-found' | 'cafe-not-open'>,
        ...(registration && { registration }),
      })),
    };
  }

  /** What it tells of others, the call above tells as well; both count against the same limit. */
  @Post('cafes/:id/delegations/preview')
  @HttpCode(200)
  async previewDelegation(
    @Param('id', { schema: Id }) cafeId: string,
    @Body({ schema: DelegationQuestion }) { emails }: DelegationQuestion,
    @Req() request: FastifyRequest,
  ): Promise<DelegationPreview> {
    const { attendeeId } = this.#access.requireSession(request);
    this.#delegated.count(attendeeId, emails.length);
    const { id } = await this.#view.facts(cafeId);
    const people: DelegationPreview['people'] = [];
    for (const email of emails) people.push({ email, outcome: await this.#inTheWay(email, id) });
    return { people };
  }

  @Get('registrations/:id/ticket.svg')
  async ticket(
    @Param('id', { schema: Id }) id: string,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { tickets } = this.#parts;
    const { cafeId, endsAt } = await this.#confirmed(id, request);
    reply.type('image/svg+xml').header('cache-control', 'private, no-cache');
    const label = locale === 'fr' ? 'Votre billet' : 'Your ticket';
    return tickets.svg(tickets.ticketFor({ registrationId: id, cafeId, endsAt }), label);
  }

  @Get('registrations/:id/calendar.ics')
  async calendar(
    @Param('id', { schema: Id }) id: string,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { programme, configuration } = this.#parts;
    const { cafeId } = await this.#confirmed(id, request);
    const cafe = await this.#view.facts(cafeId);
    const room = await programme.room(cafe.roomId);
    reply
      .type('text/calendar; charset=utf-8')
      .header('content-disposition', 'attachment; filename="comptoir.ics"')
      .header('cache-control', 'private, no-cache');
    return calendarEntry(
      {
        registrationId: id,
        title: cafe.texts[locale].title,
        description: cafe.texts[locale].summary,
        startsAt: cafe.startsAt,
        endsAt: cafe.endsAt,
        location: room?.name ?? '',
        url: `${configuration.PUBLIC_URL}/registrations/${id}`,
        organiser: { name: cafe.hosts[0] ?? 'Comptoir', email: 'comptoir@localhost' },
      },
      'PUBLISH',
    );
  }

  /** What stands between the person of an address, known or not, and a seat in a Café. */
  async #inTheWay(email: string, cafeId: string): Promise<DelegationPreview['people'][number]['outcome']> {
    const { people, seats } = this.#parts;
    const person = await people.attendeeOf(email);
    if (!person) return 'free';
    const [theirs, clashes] = await Promise.all([
      seats.registrationsOf(person.attendeeId),
      seats.clashesWith(person.attendeeId, cafeId),
    ]);
    const ended = ['cancelled', 'expired'];
    if (theirs.some((each) => each.cafeId === cafeId && !ended.includes(each.status))) return 'existing';
    return clashes.length > 0 ? 'schedule-clash' : 'free';
  }

  #published({ registration, changed }: RegistrationChanged): Registration {
    this.#parts.feed.publish(changed);
    return registration;
  }

  /** A registration of the person who asks. @throws ProblemError `registration-not-found`, also for what is somebody else's. */
  async #own(id: string, request: FastifyRequest): Promise<Registration> {
    const { attendeeId } = this.#access.requireSession(request);
    const registration = await this.#parts.seats.registration(id);
    if (registration?.attendeeId !== attendeeId) throw new ProblemError('registration-not-found');
    return registration;
  }

  /** A confirmed seat of theirs. @throws ProblemError `registration-not-found`, `registration-over`. */
  async #confirmed(id: string, request: FastifyRequest): Promise<Registration> {
    const registration = await this.#own(id, request);
    if (registration.status !== 'confirmed') throw new ProblemError('registration-over');
    return registration;
  }
}
