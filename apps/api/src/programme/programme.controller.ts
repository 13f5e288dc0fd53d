import { Controller } from '@nestjs/common';
import { type Cafe, type EventProgramme, type EventSummary, ProblemError, type RoomSeats } from '#contract';
import { localiseCafe, localiseEvent, Programme } from '#programme';
import { SeatReads } from '#seats';
import { type CallInput, Handles } from '../http/call.ts';
import { CafeView } from './cafe-view.ts';

@Controller()
export class ProgrammeController {
  readonly #programme: Programme;
  readonly #seats: SeatReads;
  readonly #view: CafeView;

  constructor(programme: Programme, seats: SeatReads, view: CafeView) {
    this.#programme = programme;
    this.#seats = seats;
    this.#view = view;
  }

  @Handles('GET /events')
  async events({ locale }: CallInput<'GET /events'>): Promise<EventSummary[]> {
    return (await this.#programme.events()).map((event) => localiseEvent(event, locale));
  }

  @Handles('GET /events/{slug}')
  async event({ slug, locale }: CallInput<'GET /events/{slug}'>): Promise<EventProgramme> {
    const event = await this.#programme.eventBySlug(slug);
    if (!event) throw new ProblemError('event-not-found');
    const [rooms, cafes, counts] = await Promise.all([
      this.#programme.rooms(event.id),
      this.#programme.cafesOfEvent(event.id),
      this.#seats.seatsOfEvent(event.id),
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

  @Handles('GET /cafes/{id}')
  cafe({ id, locale }: CallInput<'GET /cafes/{id}'>): Promise<Cafe> {
    return this.#view.cafe(id, locale);
  }

  @Handles('GET /rooms/{id}/seats')
  async seats({ id }: CallInput<'GET /rooms/{id}/seats'>): Promise<RoomSeats> {
    const [room, cafes] = await Promise.all([this.#programme.room(id), this.#seats.seatsOfRoom(id)]);
    if (!room) throw new ProblemError('room-not-found');
    return { roomId: id, version: cafes.reduce((sum, { version }) => sum + version, 0), cafes };
  }
}
