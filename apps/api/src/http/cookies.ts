import { fastifyCookie } from '@fastify/cookie';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '#contract';
import { ASKED_COOKIE, ASKED_TTL_DAYS, SESSION_COOKIE, type Session, Sessions } from '#identity';
import { Configuration } from '#platform';

const DAY_SECONDS = 24 * 3_600;

/** The cookies of a browser: its session, and `comptoir_asked`. */
@Injectable()
export class Cookies {
  readonly #sessions: Sessions;
  /** Attributes of both cookies. */
  readonly #options: { path: string; httpOnly: boolean; sameSite: 'lax'; secure: boolean };

  constructor(sessions: Sessions, { PUBLIC_URL }: Configuration) {
    this.#sessions = sessions;
    this.#options = { path: '/', httpOnly: true, sameSite: 'lax', secure: PUBLIC_URL.startsWith('https:') };
  }

  /** Returns the valid session of a request. Makes no query. */
  session({ headers }: FastifyRequest): Session | undefined {
    const { cookie } = headers;
    return cookie === undefined ? undefined : this.#sessions.read(fastifyCookie.parse(cookie)[SESSION_COOKIE]);
  }

  /** Returns whether a request has a session cookie, valid or not. */
  hadSession({ headers }: FastifyRequest): boolean {
    return SESSION_COOKIE in fastifyCookie.parse(headers.cookie ?? '');
  }

  /** @throws ProblemError `not-signed-in` */
  requireSession(request: FastifyRequest): Session {
    const session = this.session(request);
    if (!session) throw new ProblemError('not-signed-in');
    return session;
  }

  setSession(reply: FastifyReply, { cookie, expiresAt }: { cookie: string; expiresAt: Date }): void {
    reply.setCookie(SESSION_COOKIE, cookie, { ...this.#options, expires: expiresAt });
  }

  clearSession(reply: FastifyReply): void {
    reply.clearCookie(SESSION_COOKIE, this.#options);
  }

  /** Returns the value of the cookie `comptoir_asked`: the ids of what the browser asked for. */
  asked({ headers }: FastifyRequest): string | undefined {
    return fastifyCookie.parse(headers.cookie ?? '')[ASKED_COOKIE];
  }

  /** Writes the header itself, because the server of claims has no cookie plug-in. */
  setAsked(reply: FastifyReply, value: string): void {
    const options = { ...this.#options, maxAge: ASKED_TTL_DAYS * DAY_SECONDS };
    reply.header('set-cookie', fastifyCookie.serialize(ASKED_COOKIE, value, options));
  }
}
