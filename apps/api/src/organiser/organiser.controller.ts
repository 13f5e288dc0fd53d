import { Body, Controller, Inject, Param, Patch, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Cafe, CafeChange, Id, type Locale, ProblemError } from '#contract';
import { Access } from '../http/access.ts';
import { RequestLocale } from '../http/locale.ts';
import { PARTS, type Parts } from '../parts.ts';
import { CafeView } from '../programme/cafe-view.ts';

@Controller()
export class OrganiserController {
  readonly #parts: Parts;
  readonly #access: Access;
  readonly #view: CafeView;

  constructor(@Inject(PARTS) parts: Parts, @Inject(Access) access: Access, @Inject(CafeView) view: CafeView) {
    this.#parts = parts;
    this.#access = access;
    this.#view = view;
  }

  @Patch('cafes/:id')
  async change(
    @Param('id', { schema: Id }) cafeId: string,
    @Body({ schema: CafeChange }) change: CafeChange,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
  ): Promise<Cafe> {
    const { attendeeId } = this.#access.requireSession(request);
    const cafe = await this.#view.facts(cafeId);
    if (!(await this.#access.organises(attendeeId, cafe.eventId))) throw new ProblemError('not-allowed');
    const { changed } = await this.#parts.seats.changeCafe(cafeId, change);
    this.#parts.feed.publish(changed);
    return this.#view.cafe(cafeId, locale, { drafts: true });
  }
}
