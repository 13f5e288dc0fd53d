import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import {
  type Cafe,
  type EventProgramme,
  type EventSummary,
  Id,
  type Locale,
  ProblemError,
  type RoomSeats,
  Slug,
} from '#contract';
import { localiseCafe, localiseEvent } from '#programme';
import { RequestLocale } from '../http/locale.ts';
import { PUBLIC_ANSWER } from '../http/security-headers.ts';
import { PARTS, type Parts } from '../parts.ts';
import { CafeView } from './cafe-view.ts';

@Controller()
export class ProgrammeController {
  readonly #parts: Parts;
  readonly #view: CafeView;

  constructor(@Inject(PARTS) parts: Parts, @Inject(CafeView) view: CafeView) {
    this.#parts = parts;
    this.#view = view;
  }

  @Get('events')
  @Header('cache-control', PUBLIC_ANSWER)
  async events(@RequestLocale() locale: Locale): Promise<EventSummary[]> {
    return (await this.#parts.programme.events()).map((event) => localiseEvent(event, locale));
  }

  @Get('events/:slug')
  @Header('cache-control', PUBLIC_ANSWER)
  async event(@Param('slug', { schema: Slug }) slug: string, @RequestLocale() locale: Locale): Promise<EventProgramme> {
    const { programme, seats } = this.#parts;
    const event = await programme.eventBySlug(slug);
    if (!event) throw new ProblemError('event-not-found');
    const [rooms, cafes, counts] = await Promise.all([
      programme.rooms(event.id),
      programme.cafesOfEvent(event.id),
      seats.seatsOfEvent(event.id),
    ]);
    const countsOf = new Map(counts.filter(({ state }) => state !== 'draft').map((each) => [each.cafeId, each]));
    return {
      ...localiseEvent(event, locale),
      rooms: rooms.map(({ id, name, capacity }) => ({ id, name, capacity })),
      cafes: cafes.flatMap((cafe) => {
        const seatsRow = countsOf.get(cafe.id);
        return seatsRow ? [localiseCafe(cafe, locale, seatsRow)] : [];
      }),
    };
  }

  @Get('cafes/:id')
  @Header('cache-control', PUBLIC_ANSWER)
  cafe(@Param('id', { schema: Id }) id: string, @RequestLocale() locale: Locale): Promise<Cafe> {
    return this.#view.cafe(id, locale);
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
