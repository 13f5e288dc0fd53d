import { Controller } from '@nestjs/common';
import type { Dashboard } from '#contract';
import { DashboardComposer } from '#live';
import { Outbox } from '#notifications';
import { Programme } from '#programme';
import { SeatReads } from '#seats';
import { type CallInput, Handles } from '../http/call.ts';

/** The figures of an event for its organisers; the gateway pushes the same object. */
@Controller()
export class DashboardController {
  readonly #programme: Programme;
  readonly #seats: SeatReads;
  readonly #outbox: Outbox;
  readonly #composer = new DashboardComposer();

  constructor(programme: Programme, seats: SeatReads, outbox: Outbox) {
    this.#programme = programme;
    this.#seats = seats;
    this.#outbox = outbox;
  }

  @Handles('GET /events/{id}/dashboard')
  async dashboard({ event }: CallInput<'GET /events/{id}/dashboard'>): Promise<Dashboard> {
    const { id: eventId } = event;
    const begun = this.#composer.begin();
    const [rooms, cafes, counts, registrationsOverTime, people, mail] = await Promise.all([
      this.#programme.rooms(eventId),
      this.#programme.cafesOfEvent(eventId),
      this.#seats.seatsOfEvent(eventId),
      this.#seats.registrationsOverTime(eventId),
      this.#seats.peopleOf(eventId),
      this.#outbox.counts(),
    ]);
    return this.#composer.compose(begun, { eventId, rooms, cafes, counts, registrationsOverTime, people, mail });
  }
}
