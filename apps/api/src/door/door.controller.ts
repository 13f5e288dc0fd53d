import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Req,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
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
import {
  type CheckedIn,
  composeAttendance,
  NAMELESS_GUEST,
  peopleOfAttendance,
  type SeatClash,
  type TypedName,
} from '#seats';
import { Access, DoorGuard } from '../http/access.ts';
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
    await this.#access.requireDoor(cafeId, request);
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
    const { by, cafe } = await this.#access.requireDoor(body.cafeId, request);
    const shown = 'ticket' in body;
    let registrationId: string;
    if (shown) {
      const ticket = tickets.read(body.ticket.trim());
      if (!ticket || ticket.validUntil.getTime() < Date.now()) throw new ProblemError('ticket-invalid');
      registrationId = ticket.registrationId;
    } else registrationId = body.registrationId;
    const found = await seats.registration(registrationId);
    // Somebody of another event is nobody at this door.
    if (found?.eventId !== cafe.eventId) throw new ProblemError(shown ? 'ticket-invalid' : 'registration-not-found');
    // An id alone tells nothing of whom another door expects.
    const told =
      shown || found.cafeId === body.cafeId || (await this.#access.actsFor(by, await this.#view.facts(found.cafeId)));
    const { person, ...checked } = await this.#answer(await seats.checkIn({ registrationId, cafeId: body.cafeId, by }));
    return { ...checked, ...(told && person && { person }) };
  }

  @Post('cafes/:id/walk-ins')
  @UseGuards(DoorGuard)
  @UseInterceptors(Repeatable)
  @HttpCode(200)
  async walkIn(
    @Param('id', { schema: Id }) cafeId: string,
    @Body({ schema: WalkIn }) body: WalkIn,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
  ): Promise<CheckInAnswer> {
    const { attendeeId: by } = this.#access.requireSession(request);
    const { people, seats } = this.#parts;
    const attendeeId = await people.named({ locale, ...body });
    const { name, organisation } = body;
    const typed = { name, ...(organisation && { organisation }) };
    try {
      const checked = await seats.walkIn({ cafeId, attendeeId, by, typed });
      return this.#answer(checked, typed);
    } catch (fault) {
      throw await this.#clashesTold(fault, by, locale);
    }
  }

  @Post('cafes/:id/no-shows')
  @HttpCode(200)
  async releaseNoShows(
    @Param('id', { schema: Id }) cafeId: string,
    @Body({ schema: NoShows }) { registrationIds }: NoShows,
    @Req() request: FastifyRequest,
  ): Promise<NoShowRelease> {
    const { by } = await this.#access.requireDoor(cafeId, request);
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
    const { by } = await this.#access.requireDoor(cafeId, request);
    return this.#parts.seats.undoChange(cafeId, { id: releaseId, of: 'release' }, by);
  }

  @Delete('check-ins/:registrationId')
  @HttpCode(200)
  async undo(
    @Param('registrationId', { schema: Id }) registrationId: string,
    @Req() request: FastifyRequest,
  ): Promise<Registration> {
    this.#access.requireSession(request);
    const { seats } = this.#parts;
    const found = await seats.registration(registrationId);
    if (!found) throw new ProblemError('registration-not-found');
    const { by } = await this.#access.requireDoor(found.cafeId, request).catch((fault: unknown) => {
      const foreign = fault instanceof ProblemError && ['cafe-not-found', 'not-allowed'].includes(fault.code);
      throw foreign ? new ProblemError('registration-not-found') : fault;
    });
    return seats.undoCheckIn(registrationId, by);
  }

  /** @param shown what a host typed, whatever name the person goes by. */
  async #answer({ result, registration }: CheckedIn, shown?: TypedName): Promise<CheckInAnswer> {
    const { people, seats } = this.#parts;
    const { id: registrationId, status, checkedInAt, attendeeId } = registration;
    const typed = shown ?? (await seats.typedName(registrationId)) ?? (registration.guest && NAMELESS_GUEST);
    const person = typed || (await people.personOf(attendeeId));
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

  /** A clash with the Cafés that the host acts for; of others they learn that there is one, not where. */
  async #clashesTold(fault: unknown, by: string, locale: Locale): Promise<unknown> {
    if (!(fault instanceof ProblemError) || fault.code !== 'schedule-clash') return fault;
    const clashesWith = [];
    for (const clash of fault.members.clashesWith as SeatClash[]) {
      const cafe = await this.#view.facts(clash.cafeId);
      if (await this.#access.actsFor(by, cafe)) clashesWith.push({ ...clash, title: cafe.texts[locale].title });
    }
    return new ProblemError('schedule-clash', { clashesWith });
  }
}
