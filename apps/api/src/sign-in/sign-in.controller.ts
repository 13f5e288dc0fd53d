import { Body, Controller, Get, HttpCode, Inject, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type CodeRequiredMembers,
  type Locale,
  type Me,
  MeChange,
  type ProblemCode,
  ProblemError,
  type SignInAnswer,
  SignInAsk,
  type SignInAsked,
  SignInLook,
  SignInVerify,
  SignOut,
} from '#contract';
import { CodeRequired, SESSION_COOKIE } from '#identity';
import { Access } from '../http/access.ts';
import { FairShare } from '../http/fair-share.ts';
import { RequestLocale } from '../http/locale.ts';
import { PARTS, type Parts } from '../parts.ts';
import { CafeView } from '../programme/cafe-view.ts';
import { type SignInOutcome, SignInRecord } from './sign-in-record.ts';

@Controller()
export class SignInController {
  readonly #parts: Parts;
  readonly #access: Access;
  readonly #view: CafeView;
  readonly #record: SignInRecord;
  readonly #fairShare: FairShare;

  constructor(
    @Inject(PARTS) parts: Parts,
    @Inject(Access) access: Access,
    @Inject(CafeView) view: CafeView,
    @Inject(SignInRecord) record: SignInRecord,
    @Inject(FairShare) fairShare: FairShare,
  ) {
    this.#parts = parts;
    this.#access = access;
    this.#view = view;
    this.#record = record;
    this.#fairShare = fairShare;
  }

  /** The same answer to every address, known or not. */
  @Post('sign-in')
  @HttpCode(202)
  async ask(
    @Body({ schema: SignInAsk }) ask: SignInAsk,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignInAsked> {
    const mail = await this.#fairShare.admit(request, 'sign-in', ask.email);
    const { people } = this.#parts;
    const later = mail === 'later';
    const { asked, again } = await people.askSignIn({ ...ask, asked: this.#access.asked(request), later });
    if (asked !== undefined) reply.header('set-cookie', this.#access.askedHeader(asked));
    this.#record.add(outcomeOf(again), { address: people.hashOf(ask.email) });
    if (!again) return { status: 'sent' };
    return { status: again.codeIsGood ? 'sent-already' : 'sent-later', againInSeconds: again.inSeconds };
  }

  /** What a press on a link would come to, so that its page asks for the code at once where one is needed. */
  @Post('sign-in/look')
  @HttpCode(204)
  async look(
    @Body({ schema: SignInLook }) { token, claimTokens }: SignInLook,
    @Req() request: FastifyRequest,
    @RequestLocale() locale: Locale,
  ): Promise<void> {
    await this.#fairShare.admit(request, 'verify');
    try {
      const asked = this.#access.asked(request);
      if (!(await this.#parts.people.look(token, { asked, claimTokens }))) throw new ProblemError('sign-in-invalid');
    } catch (error) {
      throw error instanceof CodeRequired ? await this.#codeRequired(error, locale) : error;
    }
  }

  @Post('sign-in/verify')
  @HttpCode(200)
  async verify(
    @Body({ schema: SignInVerify }) answer: SignInVerify,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @RequestLocale() locale: Locale,
  ): Promise<SignInAnswer> {
    const isCode = answer.code !== undefined;
    await this.#fairShare.admit(request, isCode ? 'code' : 'verify');
    try {
      const attendee = await this.#signIn(answer, request, reply);
      if (isCode) await this.#fairShare.rightCode(request);
      this.#record.add('signed-in', { attendeeId: attendee.id });
      return { attendee };
    } catch (error) {
      const problem = error instanceof CodeRequired ? await this.#codeRequired(error, locale) : error;
      const outcome = problem instanceof ProblemError && refused[problem.code];
      if (outcome)
        this.#record.add(outcome, 'email' in answer ? { address: this.#parts.people.hashOf(answer.email) } : {});
      throw problem;
    }
  }

  /** @throws ProblemError `sign-in-invalid`, `code-locked`; CodeRequired */
  async #signIn(answer: SignInVerify, request: FastifyRequest, reply: FastifyReply): Promise<Me> {
    const { people, seats } = this.#parts;
    const { claimTokens, ...opens } = answer;
    const verified = await people.verify(opens, { asked: this.#access.asked(request), claimTokens });
    if (!verified) throw new ProblemError('sign-in-invalid');
    await seats.prove(verified.attendeeId, verified.registrationIds);
    const attendee = await people.me(verified.attendeeId);
    if (!attendee || !(await people.consume(verified))) throw new ProblemError('sign-in-invalid');
    // The session that the browser had ends with its cookie, which another person may have kept.
    const before = this.#access.session(request);
    if (before) await people.endSession(before.sessionId);
    const { cookie, expiresAt } = people.openSession(verified.attendeeId);
    reply.setCookie(SESSION_COOKIE, cookie, { ...this.#access.cookie, expires: expiresAt });
    return attendee;
  }

  /** For which address and which seat the code is required: whoever has the token may know. */
  async #codeRequired({ email, registrationId }: CodeRequired, locale: Locale): Promise<ProblemError> {
    const found = registrationId ? await this.#parts.seats.seatNow(registrationId) : undefined;
    if (!found) return new ProblemError('code-required', { email } satisfies CodeRequiredMembers);
    const { cafeId, startsAt, endsAt } = found.registration;
    const title = (await this.#view.titles([cafeId], locale)).get(cafeId) ?? '';
    const by = found.delegatedBy && (await this.#parts.people.personOf(found.delegatedBy));
    const registration = { cafeId, title, startsAt, endsAt, ...(by && { registeredBy: by.email }) };
    return new ProblemError('code-required', { email, registration } satisfies CodeRequiredMembers);
  }

  @Post('sign-out')
  @HttpCode(204)
  async signOut(
    @Body({ schema: SignOut }) { everywhere = false }: SignOut,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { people } = this.#parts;
    const session = this.#access.session(request);
    if (session) {
      await (everywhere ? people.endSessions(session.attendeeId) : people.endSession(session.sessionId));
      this.#record.add(everywhere ? 'signed-out-everywhere' : 'signed-out', { attendeeId: session.attendeeId });
    }
    reply.clearCookie(SESSION_COOKIE, this.#access.cookie);
  }

  @Get('me')
  async me(@Req() request: FastifyRequest): Promise<Me> {
    const me = await this.#parts.people.me(this.#access.requireSession(request).attendeeId);
    if (!me) throw new ProblemError('not-signed-in');
    return me;
  }

  @Patch('me')
  changeMe(@Req() request: FastifyRequest, @Body({ schema: MeChange }) change: MeChange): Promise<Me> {
    return this.#parts.people.changeMe(this.#access.requireSession(request).attendeeId, change);
  }
}

function outcomeOf(again: { codeIsGood: boolean } | undefined): SignInOutcome {
  if (!again) return 'asked';
  return again.codeIsGood ? 'asked-in-pause' : 'asked-beyond-limit';
}

const refused: Partial<Record<ProblemCode, SignInOutcome>> = {
  'sign-in-invalid': 'invalid',
  'code-locked': 'code-locked',
  'code-required': 'code-required',
};
