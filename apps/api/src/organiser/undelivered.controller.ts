import { Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Id, type OwnUndelivered, ProblemError, type Undelivered } from '#contract';
import type { EventFacts } from '#programme';
import { Access } from '../http/access.ts';
import { PARTS, type Parts } from '../parts.ts';

/** The messages that did not reach their people: for an organiser all of an event, for a person their own. */
@Controller()
export class UndeliveredController {
  readonly #parts: Parts;
  readonly #access: Access;

  constructor(@Inject(PARTS) parts: Parts, @Inject(Access) access: Access) {
    this.#parts = parts;
    this.#access = access;
  }

  @Get('me/undelivered')
  async mine(@Req() request: FastifyRequest): Promise<OwnUndelivered[]> {
    const { attendeeId } = this.#access.requireSession(request);
    const found = await this.#parts.outbox.undeliveredTo(attendeeId);
    return found.map(({ outboxId: id, ...rest }) => ({ id, ...rest }));
  }

  @Get('events/:slug/undelivered')
  async ofEvent(@Param('slug') slug: string, @Req() request: FastifyRequest): Promise<Undelivered[]> {
    const { outbox, people } = this.#parts;
    const found = await outbox.undelivered((await this.#requireOrganiser(slug, request)).id);
    const names = await people.namesOf(found.map(({ attendeeId }) => attendeeId));
    return found.map(({ outboxId: id, attendeeId, ...rest }) => {
      const { name = '', email = '' } = names.get(attendeeId) ?? {};
      return { id, ...rest, name, email };
    });
  }

  @Post('events/:slug/undelivered/:id/send-again')
  @HttpCode(204)
  async sendAgain(
    @Param('slug') slug: string,
    @Param('id', { schema: Id }) outboxId: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const { id } = await this.#requireOrganiser(slug, request);
    if (!(await this.#parts.outbox.sendAgain(outboxId, id))) throw new ProblemError('message-not-found');
  }

  /** @throws ProblemError `not-signed-in`, `event-not-found`, `not-allowed`. */
  async #requireOrganiser(slug: string, request: FastifyRequest): Promise<EventFacts> {
    this.#access.requireSession(request);
    const event = await this.#parts.programme.eventBySlug(slug);
    if (!event) throw new ProblemError('event-not-found');
    await this.#access.requireOrganiserOf(event, request);
    return event;
  }
}
