import { Inject, Injectable } from '@nestjs/common';
import { type Attendance, CafeSeats, type Dashboard, defaultLocale, ProblemError } from '#contract';
import { composeAttendance, peopleOfAttendance } from '#seats';
import { PARTS, type Parts } from './parts.ts';

/** What hosts and organisers see, read whole from the database each time. */
@Injectable()
export class Views {
  readonly #parts: Parts;
  #version = 0;

  constructor(@Inject(PARTS) parts: Parts) {
    this.#parts = parts;
  }

  /** @throws ProblemError `cafe-not-found` */
  async attendance(cafeId: string): Promise<Attendance> {
    const { seats, people } = this.#parts;
    const found = await seats.attendanceOf(cafeId);
    if (!found) throw new ProblemError('cafe-not-found');
    return composeAttendance(found, await people.namesOf(peopleOfAttendance(found.people)));
  }

  /** @throws ProblemError `event-not-found` */
  async dashboard(eventId: string): Promise<Dashboard> {
    const { programme, seats, outbox } = this.#parts;
    const now = Date.now();
    // Grows with every dashboard that is begun here, so that none is taken for newer than one that began later; milliseconds, so
    // that it does over a restart as well.
    this.#version = Math.max(now, this.#version + 1);
    const version = this.#version;
    const [event, rooms, cafes, counts, registrationsOverTime, people, mail] = await Promise.all([
      programme.eventById(eventId),
      programme.rooms(eventId),
      programme.cafesOfEvent(eventId),
      seats.seatsOfEvent(eventId),
      seats.registrationsOverTime(eventId),
      seats.peopleOf(eventId),
      outbox.figures(),
    ]);
    if (!event) throw new ProblemError('event-not-found');
    const factsOf = new Map(cafes.map((cafe) => [cafe.id, cafe]));
    const totals = { capacity: 0, taken: 0, waitlisted: 0, present: 0, people };
    const lines = counts.flatMap(({ state, waitlistOpen, targetCapacity, closing, roomId, ...found }) => {
      const seatCounts = CafeSeats.parse(found);
      const cafe = factsOf.get(seatCounts.cafeId);
      if (!cafe) return [];
      // Nobody can take a seat that is not shown yet, or of a Café that will not take place: none of them is free.
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
