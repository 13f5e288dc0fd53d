import { Controller } from '@nestjs/common';
import { type Dashboard, ProblemError } from '#contract';
import { DashboardComposer } from '#live';
import { Outbox } from '#notifications';
import { Programme } from '#programme';
import { AttendanceReads, CountReads } from '#seats';
import { type CallInput, Handles } from '../http/call.ts';

/** The dashboard of an event for its organisers. The gateway pushes the same object. */
@Controller()
export class DashboardController {
  readonly #programme: Programme;
  readonly #counts: CountReads;
  readonly #attendance: AttendanceReads;
  readonly #outbox: Outbox;
  readonly #composer = new DashboardComposer();

  constructor(programme: Programme, counts: CountReads, attendance: AttendanceReads, outbox: Outbox) {
    this.#programme = programme;
    this.#counts = counts;
    this.#attendance = attendance;
    this.#outbox = outbox;
  }

  @Handles('GET /events/{id}/dashboard')
  async dashboard({ event }: CallInput<'GET /events/{id}/dashboard'>): Promise<Dashboard> {
    const { id: eventId } = event;
    const begun = this.#composer.begin();
    const [programme, counts, registrationsOverTime, people, mail] = await Promise.all([
      this.#programme.programmeOf(eventId),
      this.#counts.seatsOfEvent(eventId),
      this.#attendance.registrationsOverTime(eventId),
      this.#attendance.peopleOf(eventId),
      this.#outbox.countsOf(eventId),
    ]);
    if (!programme) throw new ProblemError('event-not-found');
    const { rooms, cafes } = programme;
    return this.#composer.compose(begun, { eventId, rooms, cafes, counts, registrationsOverTime, people, mail });
  }
}
