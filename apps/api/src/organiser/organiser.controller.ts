import { Body, Controller, Delete, HttpCode, Inject, Param, Patch, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  type Cafe,
  CafeChange,
  CafeMove,
  CafePlace,
  type ChangedCafe,
  Id,
  type Locale,
  type MovePreview,
  ProblemError,
} from '#contract';
import type { CafeFacts } from '#programme';
import { Access } from '../http/access.ts';
import { RequestLocale } from '../http/locale.ts';
import { PARTS, type Parts } from '../parts.ts';
import { CafeView } from '../programme/cafe-view.ts';

/** The longest that a Café may be, as the seat engine has it. */
const CAFE_MINUTES_MAX = 24 * 60;

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
  ): Promise<ChangedCafe> {
    const { by } = await this.#access.requireOrganiser(cafeId, request);
    const { seats } = this.#parts;
    await seats.applyDue();
    await seats.changeCafe(cafeId, change, by);
    return this.#changed(cafeId, locale);
  }

  @Delete('cafes/:id/closings/:closingId')
  @HttpCode(200)
  async undoClosing(
    @Param('id', { schema: Id }) cafeId: string,
    @Param('closingId', { schema: Id }) closingId: string,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
  ): Promise<ChangedCafe> {
    const { by } = await this.#access.requireOrganiser(cafeId, request);
    await this.#parts.seats.undoChange(cafeId, { id: closingId, of: 'closing' }, by);
    return this.#changed(cafeId, locale);
  }

  @Post('cafes/:id/move-preview')
  @HttpCode(200)
  async preview(
    @Param('id', { schema: Id }) cafeId: string,
    @Body({ schema: CafePlace }) place: CafePlace,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
  ): Promise<MovePreview> {
    const { cafe } = await this.#access.requireOrganiser(cafeId, request);
    const { seats, people } = this.#parts;
    const { roomId, startsAt, endsAt, capacity, taken } = await this.#placed(cafe, place);
    const stays = roomId === cafe.roomId && startsAt === cafe.startsAt && endsAt === cafe.endsAt;
    if (!stays && Date.parse(endsAt) <= Date.now()) throw new ProblemError('ends-before-now');
    const clashing = stays ? [] : await seats.clashesOfMove(cafeId, startsAt, endsAt);
    const [names, titles] = await Promise.all([
      people.namesOf(clashing.map(({ attendeeId }) => attendeeId)),
      this.#view.titles([...new Set(clashing.map(({ otherCafeId }) => otherCafeId))], locale),
    ]);
    const clashes = clashing.map(({ registrationId, attendeeId, otherCafeId }) => ({
      registrationId,
      name: names.get(attendeeId)?.name ?? '',
      otherCafeId,
      otherTitle: titles.get(otherCafeId) ?? '',
    }));
    return { clashes, capacity, taken, excess: Math.max(0, taken - capacity) };
  }

  @Post('cafes/:id/move')
  @HttpCode(200)
  async move(
    @Param('id', { schema: Id }) cafeId: string,
    @Body({ schema: CafeMove }) { clashes, excess = 'refuse', expectTaken, ...place }: CafeMove,
    @RequestLocale() locale: Locale,
    @Req() request: FastifyRequest,
  ): Promise<Cafe> {
    const { by, cafe } = await this.#access.requireOrganiser(cafeId, request);
    const { taken: _, ...where } = await this.#placed(cafe, place);
    await this.#parts.seats.moveCafe(cafeId, { ...where, clashes, excess, expectTaken }, by);
    return this.#view.cafe(cafeId, locale, { drafts: true });
  }

  async #changed(cafeId: string, locale: Locale): Promise<ChangedCafe> {
    const [cafe, [counts]] = await Promise.all([
      this.#view.cafe(cafeId, locale, { drafts: true }),
      this.#parts.seats.cafeSeats([cafeId]),
    ]);
    return { ...cafe, ...(counts?.closing && { closing: counts.closing }) };
  }

  /** Where a Café would be: what is left out stays as it is, and so does the capacity as far as the room has it. */
  async #placed(cafe: CafeFacts, place: CafePlace) {
    const { roomId = cafe.roomId, startsAt = cafe.startsAt, endsAt = cafe.endsAt } = place;
    const [room, [counts]] = await Promise.all([
      this.#parts.programme.room(roomId),
      this.#parts.seats.cafeSeats([cafe.id]),
    ]);
    if (!counts || room?.eventId !== cafe.eventId) throw new ProblemError('room-not-found');
    const minutes = (Date.parse(endsAt) - Date.parse(startsAt)) / 60_000;
    if (minutes <= 0 || minutes > CAFE_MINUTES_MAX) throw new ProblemError('ends-before-start');
    const capacity = place.capacity ?? Math.min(counts.targetCapacity ?? counts.capacity, room.capacity);
    if (capacity > room.capacity)
      throw new ProblemError('capacity-above-room', { capacity, roomCapacity: room.capacity });
    return { roomId, startsAt, endsAt, capacity, taken: counts.taken };
  }
}
