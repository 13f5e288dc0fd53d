import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod/mini';
import { GuestClaim, Id, type Locale, Nothing, ProblemError, type Registration } from '#contract';
import { calendarEntry } from '#mail';
import type { ClaimAnswer } from '#seats';
import { Access } from '../http/access.ts';
import { Limit } from '../http/limits.ts';
import { RequestLocale } from '../http/locale.ts';
import { PARTS, type Parts } from '../parts.ts';
import { CafeView } from '../programme/cafe-view.ts';

const IdempotencyKey = z.optional(z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^[\x21-\x7e]+$/)));

@Controller()
export class RegistrationsController {
  readonly #parts: Parts;
  readonly #access: Access;
  readonly #view: CafeView;
  /** Claims without a session, by client address: a whole conference may share one. */
  readonly #guests = new Limit({ max: 600, windowSeconds: 60 });

  constructor(@Inject(PARTS) parts: Parts, @Inject(Access) access: Access, @Inject(CafeView) view: CafeView) {
    this.#parts = parts;
    this.#access = access;
    this.#view = view;
  }

  @Post('cafes/:id/registrations')
  async claim(
    @Param('id', { schema: Id }) cafeId: string,
    @Body() body: unknown,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Registration> {
    const key = parse(IdempotencyKey, request.headers['idempotency-key']);
    const session = this.#access.session(request);
    const asked = session
      ? {
          who: session.attendeeId,
          body: parse(Nothing, body ?? {}),
          run: () => this.#signedIn(cafeId, session.attendeeId),
        }
      : await this.#guest(cafeId, parse(GuestClaim, body), request.ip);
    const run = async () => this.#answer(await asked.run(), locale);
    const { status, answer } = key
      ? await this.#parts.people.once({ scope: `claim ${asked.who} ${cafeId}`, key, body: asked.body }, run)
      : await run();
    reply.code(status);
    return answer as Registration;
  }

  #signedIn(cafeId: string, attendeeId: string): Promise<ClaimAnswer> {
    return this.#parts.seats.claim({ cafeId, attendeeId, proved: true });
  }

  /**
   * Somebody who only typed an address. The seat is held until they show that they read its mailbox, also when somebody
   * else proved it before: then, what that person has already is not told, and they are asked to sign in.
   */
  async #guest(cafeId: string, body: GuestClaim, client: string) {
    this.#guests.count(client);
    const { people, seats } = this.#parts;
    const { attendeeId, proved, challengeId } = await people.guest(body);
    const run = async (): Promise<ClaimAnswer> => {
      if (proved) {
        const wanted = await this.#view.facts(cafeId);
        const theirs = await seats.registrationsOf(attendeeId);
        const inTheWay = theirs.some(
          ({ cafeId: other, status, startsAt, endsAt }) =>
            ['held', 'offered', 'confirmed', 'waitlisted'].includes(status) &&
            (other === cafeId || (status !== 'waitlisted' && startsAt < wanted.endsAt && wanted.startsAt < endsAt)),
        );
        if (inTheWay) {
          await people.askSignIn({ email: body.email, locale: body.locale });
          throw new ProblemError('not-signed-in');
        }
      }
      return seats.claim({ cafeId, attendeeId, proved: false, challengeId });
    };
    return { who: attendeeId, body, run };
  }

  async #answer(answer: ClaimAnswer, locale: Locale): Promise<{ status: number; answer: Registration }> {
    switch (answer.outcome) {
      case 'created':
        return { status: 201, answer: answer.registration };
      case 'existing':
        return { status: 200, answer: answer.registration };
      case 'busy':
        throw new ProblemError('busy', {}, answer.retryAfterSeconds);
      case 'schedule-clash': {
        const titles = await this.#view.titles(
          answer.clashesWith.map(({ cafeId }) => cafeId),
          locale,
        );
        const clashesWith = answer.clashesWith.map((clash) => ({ ...clash, title: titles.get(clash.cafeId) ?? '' }));
        throw new ProblemError('schedule-clash', { clashesWith });
      }
      default:
        throw new ProblemError(answer.outcome);
    }
  }

  @Get('me/registrations')
  mine(@Req() request: FastifyRequest): Promise<Registration[]> {
    return this.#parts.seats.registrationsOf(this.#access.requireSession(request).attendeeId);
  }

  @Delete('registrations/:id')
  @HttpCode(200)
  async cancel(@Param('id', { schema: Id }) id: string, @Req() request: FastifyRequest): Promise<Registration> {
    const { attendeeId } = this.#access.requireSession(request);
    const { registration, changed } = await this.#parts.seats.cancel(id, attendeeId);
    this.#parts.feed.publish(changed);
    return registration;
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

  /** A confirmed seat of the person who asks. @throws ProblemError `registration-not-found`, also for what is somebody else's. */
  async #confirmed(id: string, request: FastifyRequest): Promise<Registration> {
    const { attendeeId } = this.#access.requireSession(request);
    const registration = await this.#parts.seats.registration(id);
    if (registration?.attendeeId !== attendeeId) throw new ProblemError('registration-not-found');
    if (registration.status !== 'confirmed') throw new ProblemError('registration-over');
    return registration;
  }
}

/** Hold a body against the one of two schemas that its session asks for. @throws ProblemError `invalid-request` */
function parse<Schema extends z.ZodMiniType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ProblemError('invalid-request', {
    errors: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  });
}
