import { Injectable } from '@nestjs/common';
import { type Attendance, CafeSeats, type Dashboard, defaultLocale, ProblemError } from '#contract';
import { Identity } from '#identity';
import { Outbox } from '#notifications';
import { Programme } from '#programme';
import { composeAttendance, peopleOfAttendance, SeatReads } from '#seats';

/** What hosts and organisers see. Each view is read whole from the database each time. */
@Injectable()
export class Views {
  readonly #identity: Identity;
  readonly #programme: Programme;
  readonly #seats: SeatReads;
  readonly #outbox: Outbox;
  #version = 0;

  constructor(identity: Identity, programme: Programme, seats: SeatReads, outbox: Outbox) {
    this.#identity = identity;
    this.#programme = programme;
    this.#seats = seats;
    this.#outbox = outbox;
  }

  /** @throws ProblemError `cafe-not-found` */
  async attendance(cafeId: string): Promise<Attendance> {
    const found = await this.#seats.attendanceOf(cafeId);
    if (!found) throw new ProblemError('cafe-not-found');
    return composeAttendance(found, await this.#identity.namesOf(peopleOfAttendance(found.people)));
  }

  /** @throws ProblemError `event-not-found` */
  async dashboard(eventId: string): Promise<Dashboard> {
    const now = Date.now();
    // A dashboard that is read later has a higher version, also after a restart, because the version is at least the time in milliseconds.
    this.#version = Math.max(now, this.#version + 1);
    const version = this.#version;
    const [event, rooms, cafes, counts, registrationsOverTime, people, mail] = await Promise.all([
      this.#programme.eventById(eventId),
      this.#programme.rooms(eventId),
      this.#programme.cafesOfEvent(eventId),
      this.#seats.seatsOfEvent(eventId),
      this.#seats.registrationsOverTime(eventId),
      this.#seats.peopleOf(eventId),
      this.#outbox.figures(),
    ]);
    if (!event) throw new ProblemError('event-not-found');
    const factsOf = new Map(cafes.map((cafe) => [cafe.id, cafe]));
    const totals = { capacity: 0, taken: 0, waitlisted: 0, present: 0, people };
    const lines = counts.flatMap(({ state, waitlistOpen, targetCapacity, closing, roomId, ...found }) => {
      const seatCounts = CafeSeats.parse(found);
      const cafe = factsOf.get(seatCounts.cafeId);
      if (!cafe) return [];
      // Nobody can take a seat of a draft or of a cancelled Café, so these seats are not part of the capacity.
      if (state !== 'draft' && state !== 'cancelled') totals.capacity += seatCounts.capacity;
      totals.taken += seatCounts.taken;
      totals.waitlisted += seatCounts.waitlisted;
      totals.present += seatCounts.present;
      return {
        cafeId: cafe.id,
        roomId,
        kind: cafe.kind,
        code: cafe.code,
        title: cafe.texts[defaultLocale].title,
        startsAt: cafe.startsAt,
        endsAt: cafe.endsAt,
        state: state as Dashboard['cafes'][number]['state'],
        waitlistOpen,
        ...(targetCapacity !== undefined && { targetCapacity }),
        ...(closing && { closing }),
        seats: seatCounts,
      };
    });
    return {
      eventId,
      version,
      at: new Date(now).toISOString(),
      rooms: rooms.map(({ id, name, capacity }) => ({ roomId: id, name, capacity })),
      cafes: lines,
      totals,
      registrationsOverTime,
      mail,
    };
  }
}
