import { Injectable } from '@nestjs/common';
import { type Attendance, type Dashboard, ProblemError } from '#contract';
import { Attendees } from '#identity';
import { DashboardComposer } from '#live';
import { Outbox } from '#notifications';
import { Programme } from '#programme';
import { AttendanceReads, CountReads, composeAttendance, peopleOfAttendance } from '#seats';

/** Reads the views of hosts and organisers, each as a whole, from the database. */
@Injectable()
export class Views {
  readonly #attendees: Attendees;
  readonly #programme: Programme;
  readonly #attendance: AttendanceReads;
  readonly #counts: CountReads;
  readonly #outbox: Outbox;
  readonly #composer = new DashboardComposer();

  constructor(
    attendees: Attendees,
    programme: Programme,
    attendance: AttendanceReads,
    counts: CountReads,
    outbox: Outbox,
  ) {
    this.#attendees = attendees;
    this.#programme = programme;
    this.#attendance = attendance;
    this.#counts = counts;
    this.#outbox = outbox;
  }

  /** @throws ProblemError `cafe-not-found` */
  async attendance(cafeId: string): Promise<Attendance> {
    const found = await this.#attendance.attendanceOf(cafeId);
    if (!found) throw new ProblemError('cafe-not-found');
    return composeAttendance(found, await this.#attendees.findByIds(peopleOfAttendance(found.people)));
  }

  /** @throws ProblemError `event-not-found` */
  async dashboard(eventId: string): Promise<Dashboard> {
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
