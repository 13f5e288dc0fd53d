import { Body, Controller, Get, HttpCode, Inject, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Me, MeChange, ProblemError, type SignInAnswer, SignInAsk, SignInVerify } from '#contract';
import { SESSION_COOKIE } from '#people';
import { Access } from '../http/access.ts';
import { FairShare } from '../http/fair-share.ts';
import { PARTS, type Parts } from '../parts.ts';

@Controller()
export class SignInController {
  readonly #parts: Parts;
  readonly #access: Access;
  readonly #cookie: { path: string; httpOnly: boolean; sameSite: 'lax'; secure: boolean };
  readonly #fairShare: FairShare;

  constructor(@Inject(PARTS) parts: Parts, @Inject(Access) access: Access, @Inject(FairShare) fairShare: FairShare) {
    this.#parts = parts;
    this.#access = access;
    this.#fairShare = fairShare;
    const secure = parts.configuration.PUBLIC_URL.startsWith('https:');
    this.#cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure };
  }

  /** The same answer to every address: whether it is known is nobody's business. */
  @Post('sign-in')
  @HttpCode(202)
  async ask(@Body({ schema: SignInAsk }) ask: SignInAsk, @Req() request: FastifyRequest) {
    await this.#fairShare.admit(request, 'sign-in', ask.email);
    await this.#parts.people.askSignIn(ask);
    return { status: 'sent' };
  }

  @Post('sign-in/verify')
  @HttpCode(200)
  async verify(
    @Body({ schema: SignInVerify }) answer: SignInVerify,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignInAnswer> {
    await this.#fairShare.admit(request, 'verify');
    const { people, seats } = this.#parts;
    const verified = await people.verify(answer);
    if (!verified) throw new ProblemError('sign-in-invalid');
    await seats.prove(verified.attendeeId);
    const attendee = await people.me(verified.attendeeId);
    if (!attendee) throw new ProblemError('sign-in-invalid');
    if (!(await people.consume(verified.challengeId))) throw new ProblemError('sign-in-invalid');
    const { cookie, expiresAt } = people.openSession(verified.attendeeId);
    reply.setCookie(SESSION_COOKIE, cookie, { ...this.#cookie, expires: expiresAt });
    return { attendee };
  }

  @Post('sign-out')
  @HttpCode(204)
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const session = this.#access.session(request);
    if (session) await this.#parts.people.endSession(session.sessionId);
    reply.clearCookie(SESSION_COOKIE, this.#cookie);
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
