import { Controller, Get, Header, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Id, type ProblemCode, ProblemError, type RoomSeats, Slug } from '#contract';
import { localeOf } from '../http/locale.ts';
import { PUBLIC_ANSWER } from '../http/security-headers.ts';
import { PARTS, type Parts } from '../parts.ts';
import { ProgrammeAnswers } from './programme-answers.ts';
import type { PublicAnswer } from './public-answer.ts';

/** The programme as everybody sees it. */
@Controller()
export class ProgrammeController {
  readonly #parts: Parts;
  readonly #answers: ProgrammeAnswers;

  constructor(@Inject(PARTS) parts: Parts, @Inject(ProgrammeAnswers) answers: ProgrammeAnswers) {
    this.#parts = parts;
    this.#answers = answers;
  }

  @Get('events')
  async events(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await (await this.#answers.events(localeOf(request))).send(request, reply);
  }

  @Get('events/:slug')
  async event(
    @Param('slug', { schema: Slug }) slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await there(await this.#answers.event(slug, localeOf(request)), 'event-not-found').send(request, reply);
  }

  @Get('cafes/:id')
  async cafe(
    @Param('id', { schema: Id }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await there(await this.#answers.cafe(id, localeOf(request)), 'cafe-not-found').send(request, reply);
  }

  @Get('rooms/:id/seats')
  @Header('cache-control', PUBLIC_ANSWER)
  async seats(@Param('id', { schema: Id }) id: string): Promise<RoomSeats> {
    const { programme, seats } = this.#parts;
    const [room, cafes] = await Promise.all([programme.room(id), seats.seatsOfRoom(id)]);
    if (!room) throw new ProblemError('room-not-found');
    return { roomId: id, version: cafes.reduce((sum, { version }) => sum + version, 0), cafes };
  }
}

/** @throws ProblemError `code` where there is no answer */
function there(answer: PublicAnswer | undefined, code: ProblemCode): PublicAnswer {
  if (!answer) throw new ProblemError(code);
  return answer;
}
