import type { Identity } from '#identity';
import { gather } from '#platform';
import type { Programme } from '#programme';
import type { Seats } from '#seats';

/** The most ids that one statement asks for. */
const BATCH_IDS_MAX = 200;

/** Single reads as one statement for all that are asked for at the same time: many messages are about the same few Cafés. */
function together<Fact>(read: (ids: string[]) => Promise<Fact[]>, idOf: (fact: Fact) => string) {
  return gather<string, Fact | undefined>(
    async (ids) => {
      const facts = new Map((await read([...new Set(ids)])).map((fact) => [idOf(fact), fact]));
      return ids.map((id) => facts.get(id));
    },
    { batchMax: BATCH_IDS_MAX },
  );
}

/**
 * The same libs, of which the reads that every message needs go together. Nothing is kept from one statement to the next: a message
 * tells what is true when it is written.
 */
export function factsTogether<L extends { people: Identity; programme: Programme; seats: Seats }>(libs: L): L {
  const { people, programme, seats } = libs;
  return {
    ...libs,
    people: {
      ...people,
      personOf: together(
        async (ids) => [...(await people.namesOf(ids)).values()],
        ({ attendeeId }) => attendeeId,
      ),
    },
    seats: { ...seats, seatNow: together(seats.seatsNow, ({ registration }) => registration.id) },
    programme: {
      ...programme,
      cafe: together(programme.cafes, ({ id }) => id),
      eventById: together(programme.eventsById, ({ id }) => id),
      room: together(programme.roomsById, ({ id }) => id),
    },
  };
}
