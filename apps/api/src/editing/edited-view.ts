import { Injectable } from '@nestjs/common';
import { type EditedCafe, type EditedEvent, type EditedProgramme, type EditedRoom, ProblemError } from '#contract';
import { type CafeFacts, type EventFacts, missingTranslations, Programme, type RoomFacts } from '#programme';
import { type CafeSeatsState, CountReads } from '#seats';

/** Reads events, rooms and Cafés as organisers edit them: in every language, drafts included. */
@Injectable()
export class EditedView {
  readonly #programme: Programme;
  readonly #counts: CountReads;

  constructor(programme: Programme, counts: CountReads) {
    this.#programme = programme;
    this.#counts = counts;
  }

  /** @throws ProblemError `event-not-found` */
  async programme(eventId: string): Promise<EditedProgramme> {
    const [facts, counts] = await Promise.all([
      this.#programme.programmeOf(eventId),
      this.#counts.seatsOfEvent(eventId),
    ]);
    if (!facts) throw new ProblemError('event-not-found');
    const byId = new Map(counts.map((each) => [each.cafeId, each]));
    const cafes = facts.cafes.toSorted((one, other) => one.position - other.position);
    return {
      event: editedEvent(facts.event),
      rooms: facts.rooms.map(editedRoom),
      cafes: cafes.flatMap((cafe) => {
        const seats = byId.get(cafe.id);
        return seats ? [editedCafe(cafe, seats)] : [];
      }),
      missing: missingTranslations(facts),
    };
  }

  /** @throws ProblemError `event-not-found` */
  async event(eventId: string): Promise<EditedEvent> {
    const event = await this.#programme.event({ id: eventId });
    if (!event) throw new ProblemError('event-not-found');
    return editedEvent(event);
  }

  /** @throws ProblemError `room-not-found` */
  async room(roomId: string): Promise<EditedRoom> {
    const room = await this.#programme.room(roomId);
    if (!room) throw new ProblemError('room-not-found');
    return editedRoom(room);
  }

  /** @throws ProblemError `cafe-not-found` */
  async cafe(cafeId: string): Promise<EditedCafe> {
    const [cafe, [counts]] = await Promise.all([this.#programme.cafe(cafeId), this.#counts.cafeSeats([cafeId])]);
    if (!cafe || !counts) throw new ProblemError('cafe-not-found');
    return editedCafe(cafe, counts);
  }
}

function editedEvent(event: EventFacts): EditedEvent {
  const { replyTo = null, venue = null, accent = null, title, ...rest } = event;
  return { ...rest, title: present(title), replyTo, venue, accent };
}

function editedRoom({ id, eventId, code, name, capacity, position, version }: RoomFacts): EditedRoom {
  return { id, eventId, code, name, capacity, position, version };
}

function editedCafe({ fallback: _fallback, texts, ...facts }: CafeFacts, counts: CafeSeatsState): EditedCafe {
  const { cafeId, version, capacity, taken, free, waitlisted, present: came, settingsVersion } = counts;
  return {
    ...facts,
    texts: present(texts),
    version: facts.version + settingsVersion,
    capacity,
    ...(counts.targetCapacity !== undefined && { targetCapacity: counts.targetCapacity }),
    state: counts.state as EditedCafe['state'],
    waitlistOpen: counts.waitlistOpen,
    seats: { cafeId, version, capacity, taken, free, waitlisted, present: came },
  };
}

/** The languages that have a value. */
function present<Value>(values: Record<string, Value | undefined>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined));
}
