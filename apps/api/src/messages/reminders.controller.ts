import { Controller } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ProblemError } from '#contract';
import { ReminderLinks } from '#identity';
import { type CallInput, Handles } from '../http/call.ts';
import { languageOf } from '../http/locale.ts';
import { remindersLanguages, remindersPage } from './reminders-page.ts';

/** The page runs no script and loads nothing. Its only form is sent to its own address. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Turns reminders off without a session, by the link in each reminder (RFC 8058). */
@Controller()
export class RemindersController {
  readonly #links: ReminderLinks;

  constructor(links: ReminderLinks) {
    this.#links = links;
  }

  /** Changes nothing, because mail filters follow links. */
  @Handles('GET /reminders/unsubscribe')
  ask({ request, reply }: CallInput<'GET /reminders/unsubscribe'>): string {
    this.#secure(reply);
    return remindersPage('ask', languageOf(request, remindersLanguages));
  }

  /**
   * Sent by the mail program of the reader, or by the button of the page. @throws ProblemError `invalid-request` if the token is not valid
   * and no page was requested
   */
  @Handles('POST /reminders/unsubscribe')
  async end({ query, request, reply }: CallInput<'POST /reminders/unsubscribe'>): Promise<string> {
    const isEnded = await this.#links.end(query.token);
    this.#secure(reply);
    if (!isEnded) {
      if (!request.headers.accept?.includes('text/html')) throw new ProblemError('invalid-request');
      reply.code(404);
    }
    return remindersPage(isEnded ? 'ended' : 'unknown', languageOf(request, remindersLanguages));
  }

  #secure(reply: FastifyReply): void {
    reply.headers({ 'content-security-policy': PAGE_POLICY, 'x-robots-tag': 'noindex' });
  }
}
