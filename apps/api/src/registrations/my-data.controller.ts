import { Controller, Delete, Get, HttpCode, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Locale, type MyData, ProblemError } from '#contract';
import { SESSION_COOKIE } from '#identity';
import { Access } from '../http/access.ts';
import { RequestLocale } from '../http/locale.ts';
import { PARTS, type Parts } from '../parts.ts';
import { CafeView } from '../programme/cafe-view.ts';

/** How often ending somebody's seats and erasing them is tried: they may take another seat in between. */
const ERASE_TRIES = 3;

/** What people may have of us because it is theirs: everything that we keep of them, and that we forget it. */
@Controller()
export class MyDataController {
  readonly #parts: Parts;
  readonly #access: Access;
  readonly #view: CafeView;

  constructor(@Inject(PARTS) parts: Parts, @Inject(Access) access: Access, @Inject(CafeView) view: CafeView) {
    this.#parts = parts;
    this.#access = access;
    this.#view = view;
  }

  @Get('me/data')
  async data(
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MyData> {
    const { people, seats, outbox } = this.#parts;
    const { attendeeId } = this.#access.requireSession(request);
    const [me, dates, registrations, messages] = await Promise.all([
      people.me(attendeeId),
      people.datesOf(attendeeId),
      seats.everyRegistrationOf(attendeeId),
      outbox.messagesTo(attendeeId),
    ]);
    if (!me || !dates) throw new ProblemError('not-signed-in');
    const titles = await this.#view.titles(
      registrations.map(({ cafeId }) => cafeId),
      locale,
    );
    const told: MyData['registrations'] = [];
    for (const each of registrations) {
      told.push({ ...each, cafe: titles.get(each.cafeId) ?? '', events: await seats.receiptOf(each) });
    }
    reply.header('content-disposition', 'attachment; filename="comptoir.json"');
    return { exportedAt: new Date().toISOString(), person: { ...me, ...dates }, registrations: told, messages };
  }

  /** Seats end first, through the engine, so that the lines move up; then the person is forgotten, and their sessions end. */
  @Delete('me')
  @HttpCode(204)
  async erase(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const { people, outbox } = this.#parts;
    const { attendeeId } = this.#access.requireSession(request);
    let erased = false;
    // Before and after: what is sent meanwhile is forgotten as well, and a fault in between leaves nothing that was there.
    await outbox.forget(attendeeId);
    for (let tries = 0; tries < ERASE_TRIES && !erased; tries++) {
      await this.#endSeats(attendeeId);
      erased = await people.erase(attendeeId);
    }
    if (!erased) throw new ProblemError('busy', {}, 1);
    await outbox.forget(attendeeId);
    reply.clearCookie(SESSION_COOKIE, { path: '/' });
  }

  async #endSeats(attendeeId: string): Promise<void> {
    const { seats } = this.#parts;
    for (const { id, status } of await seats.registrationsOf(attendeeId)) {
      if (status !== 'cancelled' && status !== 'expired') await seats.cancel(id, attendeeId);
    }
  }
}
