import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, UseInterceptors } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  type Attendance,
  type CafeSeats,
  CheckIn,
  type CheckInAnswer,
  Id,
  type Locale,
  type NoShowRelease,
  NoShows,
  ProblemError,
  type Registration,
  WalkIn,
} from '#contract';
import { type CheckedIn, composeAttendance, peopleOfAttendance } from '#seats';
import { Access } from '../http/access.ts';
import { RequestLocale } from '../http/locale.ts';
import { Repeatable } from '../http/repeatable.ts';
import { PARTS, type Parts } from '../parts.ts';
import { CafeView } from '../programme/cafe-view.ts';

/** What happens at the door of a Café: who is expected, who came. For its hosts and the organisers. */
@Controller()
export class DoorController {
  readonly #parts: Parts;
  readonly #access: Access;
  readonly #view: CafeView;

  constructor(@Inject(PARTS) parts: Parts, @Inject(Access) access: Access, @Inject(CafeView) view: CafeView) {
    this.#parts = parts;
    this.#access = access;
    this.#view = view;
  }

  @Get('cafes/:id/attendance')
  async attendance(@Param('id', { schema: Id }) cafeId: string, @Req() request: FastifyRequest): Promise<Attendance> {
    await this.#requireDoor(cafeId, request);
    const { seats, people } = this.#parts;
    const attendance = await seats.attendanceOf(cafeId);
    if (!attendance) throw new ProblemError('cafe-not-found');
    const names = await people.namesOf(peopleOfAttendance(attendance.people));
    return composeAttendance(attendance, names);
  }

  @Post('check-ins')
  @HttpCode(200)
  async checkIn(@Body({ schema: CheckIn }) body: CheckIn, @Req() request: FastifyRequest): Promise<CheckInAnswer> {
    const { tickets, seats } = this.#parts;
    const { by, eventId } = await this.#requireDoor(body.cafeId, request);
    const shown = 'ticket' in body;
    let registrationId: string;
    if (shown) {
      const ticket = tickets.read(body.ticket.trim());
      if (!ticket || ticket.validUntil.getTime() < Date.now()) throw new ProblemError('ticket-invalid');
      registrationId = ticket.registrationId;
    } else registrationId = body.registrationId;
    const found = await seats.registration(registrationId);
    // Somebody of another event is nobody at this door.
    if (found?.eventId !== eventId) throw new ProblemError(shown ? 'ticket-invalid' : 'registration-not-found');
    // An id alone tells nothing of whom another door expects.
    const told =
      shown || found.cafeId === body.cafeId || (await this.#access.actsFor(by, await this.#view.facts(found.cafeId)));
    const { person, ...checked } = await this.#answer(await seats.checkIn({ registrationId, cafeId: body.cafeId, by }));
    return { ...checked, ...(told && person && { person }) };
  }

  @Post('cafes/:id/walk-ins')
  @UseInterceptors(Repeatable)
  @HttpCode(200)
  async walkIn(
    @Param('id', { schema: Id }) cafeId: string,
    @Body({ schema: WalkIn }) body: WalkIn,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
  ): Promise<CheckInAnswer> {
    const { by } = await this.#requireDoor(cafeId, request);
    const { people, seats } = this.#parts;
    const attendeeId = await people.named({ locale, ...body });
    return this.#view.withTitles(locale, async () => this.#answer(await seats.walkIn({ cafeId, attendeeId, by })));
  }

  @Post('cafes/:id/no-shows')
  @HttpCode(200)
  async releaseNoShows(
    @Param('id', { schema: Id }) cafeId: string,
    @Body({ schema: NoShows }) { registrationIds }: NoShows,
    @Req() request: FastifyRequest,
  ): Promise<NoShowRelease> {
    const { by } = await this.#requireDoor(cafeId, request);
    const { seats } = this.#parts;
    await seats.applyDue();
    return seats.releaseNoShows(cafeId, registrationIds, by);
  }

  @Delete('cafes/:id/no-shows/:releaseId')
  @HttpCode(200)
  async undoRelease(
    @Param('id', { schema: Id }) cafeId: string,
    @Param('releaseId', { schema: Id }) releaseId: string,
    @Req() request: FastifyRequest,
  ): Promise<CafeSeats> {
    const { by } = await this.#requireDoor(cafeId, request);
    return this.#parts.seats.undoChange(cafeId, { id: releaseId, of: 'release' }, by);
  }

  @Delete('check-ins/:registrationId')
  @HttpCode(200)
  async undo(
    @Param('registrationId', { schema: Id }) registrationId: string,
    @Req() request: FastifyRequest,
  ): Promise<Registration> {
    const { attendeeId } = this.#access.requireSession(request);
    const { seats } = this.#parts;
    const found = await seats.registration(registrationId);
    const cafe = found && (await this.#view.facts(found.cafeId));
    if (!cafe || !(await this.#access.actsFor(attendeeId, cafe))) throw new ProblemError('registration-not-found');
    return seats.undoCheckIn(registrationId, attendeeId);
  }

  async #answer({ result, registration }: CheckedIn): Promise<CheckInAnswer> {
    const person = await this.#parts.people.personOf(registration.attendeeId);
    const { id: registrationId, status, checkedInAt } = registration;
    return {
      result,
      registration,
      ...(person && {
        person: {
          registrationId,
          name: person.name,
          ...(person.organisation && { organisation: person.organisation }),
          status,
          ...(checkedInAt && { checkedInAt }),
        },
      }),
    };
  }

  /** Who stands at the door of this Café. @throws ProblemError `not-signed-in`, `cafe-not-found`, `not-allowed` */
  async #requireDoor(cafeId: string, request: FastifyRequest): Promise<{ by: string; eventId: string }> {
    const { attendeeId } = this.#access.requireSession(request);
    const cafe = await this.#view.facts(cafeId);
    if (!(await this.#access.actsFor(attendeeId, cafe))) throw new ProblemError('not-allowed');
    return { by: attendeeId, eventId: cafe.eventId };
  }
}
