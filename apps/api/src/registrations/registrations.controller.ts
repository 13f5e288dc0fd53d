import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, UseInterceptors } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
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
import type { TypedName } from '#seats';
import { Access } from '../http/access.ts';
import { type Limit, Limits } from '../http/limits.ts';
import { RequestLocale } from '../http/locale.ts';
import { Repeatable } from '../http/repeatable.ts';
import { PARTS, type Parts } from '../parts.ts';
import { CafeView } from '../programme/cafe-view.ts';
import { OwnSeats, withoutOwner } from './own-seats.ts';

/** What a person has, and how it changes hands. How a seat is taken stands in claims.ts. */
@Controller()
export class RegistrationsController {
  readonly #parts: Parts;
  readonly #access: Access;
  readonly #view: CafeView;
  readonly #own: OwnSeats;
  /** People named in delegations, by who names them: each may be sent a mail. */
  readonly #delegated: Limit;

  constructor(
    @Inject(PARTS) parts: Parts,
    @Inject(Access) access: Access,
    @Inject(CafeView) view: CafeView,
    @Inject(OwnSeats) own: OwnSeats,
    @Inject(Limits) limits: Limits,
  ) {
    this.#parts = parts;
    this.#access = access;
    this.#view = view;
    this.#own = own;
    this.#delegated = limits.limit({ name: 'delegated', points: 200, seconds: 3_600 });
  }

  @Get('me/registrations')
  mine(@Req() request: FastifyRequest): Promise<Registration[]> {
    return this.#parts.seats.registrationsOf(this.#access.requireSession(request).attendeeId);
  }

  @Get('registrations/:id')
  one(@Param('id', { schema: Id }) id: string, @Req() request: FastifyRequest): Promise<Registration> {
    return this.#own.look(id, request);
  }

  @Delete('registrations/:id')
  @HttpCode(200)
  cancel(@Param('id', { schema: Id }) id: string, @Req() request: FastifyRequest): Promise<Registration> {
    return this.#own.change(id, request, (attendeeId) => this.#parts.seats.cancel(id, attendeeId));
  }

  /** The yes of its person to a guest registration that the page lists. */
  @Post('registrations/:id/confirm')
  @HttpCode(200)
  async confirm(@Param('id', { schema: Id }) id: string, @Req() request: FastifyRequest): Promise<Registration> {
    const { attendeeId } = await this.#access.requireSeatHolder(request);
    await this.#own.registration(id, request);
    await this.#parts.seats.confirmAsOwner(attendeeId, id);
    const registration = await this.#own.registration(id, request);
    const { guest, status } = registration;
    // Its time was over, or the person has one of their own in that Café.
    if (guest || status === 'cancelled' || status === 'expired') throw new ProblemError('registration-over');
    return registration;
  }

  @Post('registrations/:id/accept')
  @HttpCode(200)
  async accept(
    @Param('id', { schema: Id }) id: string,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
  ) {
    return this.#view.withTitles(locale, () =>
      this.#own.change(id, request, (attendeeId) => this.#parts.seats.accept(id, attendeeId)),
    );
  }

  @Post('registrations/:id/decline')
  @HttpCode(200)
  decline(@Param('id', { schema: Id }) id: string, @Req() request: FastifyRequest): Promise<Registration> {
    return this.#own.change(id, request, (attendeeId) => this.#parts.seats.decline(id, attendeeId));
  }

  @Post('registrations/:id/swap')
  @UseInterceptors(Repeatable)
  @HttpCode(200)
  async swap(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Swap }) { cafeId }: { cafeId: string },
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
  ): Promise<Registration> {
    const { attendeeId } = await this.#access.requireSeatHolder(request);
    return this.#view.withTitles(locale, () => this.#parts.seats.swap(id, cafeId, attendeeId));
  }

  @Get('registrations/:id/receipt')
  async receipt(@Param('id', { schema: Id }) id: string, @Req() request: FastifyRequest): Promise<Receipt> {
    const registration = await this.#own.registration(id, request);
    return { registrationId: registration.id, events: await this.#parts.seats.receiptOf(registration) };
  }

  @Post('cafes/:id/delegations')
  @UseInterceptors(Repeatable)
  @HttpCode(200)
  async delegate(
    @Param('id', { schema: Id }) cafeId: string,
    @Body({ schema: Delegation }) { mode, people }: Delegation,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
  ): Promise<DelegationAnswer> {
    const { attendeeId } = this.#access.requireSession(request);
    // The session outlived its person: nobody is made in their name.
    if (!(await this.#parts.people.personOf(attendeeId))) throw new ProblemError('not-signed-in');
    await this.#delegated.count(attendeeId, people.length);
    await this.#view.facts(cafeId);
    const typed = new Map<string, TypedName>();
    for (const person of people) typed.set(await this.#parts.people.named({ locale, ...person }), person);
    const attendeeIds = [...typed.keys()];
    const answers = await this.#parts.seats.claimTogether({ cafeId, attendeeIds, mode, by: attendeeId, typed });
    return {
      people: answers.map(({ outcome, registration }, index) => ({
        email: people[index]?.email ?? '',
        outcome,
        ...(registration && {
          registration: attendeeIds[index] === attendeeId ? registration : withoutOwner(registration),
        }),
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
    await this.#delegated.count(attendeeId, emails.length);
    const { id } = await this.#view.visible(cafeId);
    const people: DelegationPreview['people'] = [];
    for (const email of emails) people.push({ email, outcome: await this.#inTheWay(email, id) });
    return { people };
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
    // A guest registration in the name of a person who proved their address is not in the way of their own.
    const own = theirs.filter(({ guest, status }) => !ended.includes(status) && !(guest && person.proved));
    if (own.some((each) => each.cafeId === cafeId)) return 'existing';
    return clashes.length > 0 ? 'schedule-clash' : 'free';
  }
}
