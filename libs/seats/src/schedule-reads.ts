import type { Database } from '#platform';
import { openQuery, type Query } from './query.ts';

/** The current state of a Café; instants are ISO 8601. */
export interface CafeNow {
  state: string;
  roomId: string;
  startsAt: string;
  endsAt: string;
}

/** Events with the end of their last Café. It may be after the end of the event when the Café was moved. */
const selectOver = `
  select e.id as event_id, greatest(e.ends_at, (
    select max(c.ends_at) from cafe c join cafe_seats s on s.cafe_id = c.id
    where c.event_id = e.id and s.state not in ('draft', 'cancelled')
  )) as over_at
  from event e`;

/** Reads the data on which scheduled messages (reminders, lists for hosts, thanks) depend, by the clock of the database. */
export class ScheduleReads {
  readonly #query: Query;

  constructor(database: Database) {
    this.#query = openQuery(database.pool);
  }

  async cafeNow(cafeId: string): Promise<CafeNow | undefined> {
    const [row] = await this.#query<{ state: string; room_id: string; starts_at: Date; ends_at: Date }>(
      'select s.state, c.room_id, c.starts_at, c.ends_at from cafe c join cafe_seats s on s.cafe_id = c.id where c.id = $1',
      [cafeId],
    );
    if (!row) return undefined;
    const { state, room_id: roomId, starts_at, ends_at } = row;
    return { state, roomId, startsAt: starts_at.toISOString(), endsAt: ends_at.toISOString() };
  }

  /** The open and closed Cafés that start within this time. `startsInMs`: the time until the start, in milliseconds. */
  async cafesStartingWithin(
    milliseconds: number,
  ): Promise<{ cafeId: string; eventId: string; roomId: string; startsAt: string; startsInMs: number }[]> {
    const found = await this.#query<{
      id: string;
      event_id: string;
      room_id: string;
      starts_at: Date;
      starts_in_ms: number;
    }>(
      `select c.id, c.event_id, c.room_id, c.starts_at,
         (extract(epoch from c.starts_at - seats_now()) * 1000)::float8 as starts_in_ms
       from cafe c join cafe_seats s on s.cafe_id = c.id and s.state in ('open', 'closed')
       where c.starts_at > seats_now() and c.starts_at <= seats_now() + make_interval(secs => $1 / 1000.0)
       order by c.starts_at, c.id`,
      [milliseconds],
    );
    return found.map((row) => ({
      cafeId: row.id,
      eventId: row.event_id,
      roomId: row.room_id,
      startsAt: row.starts_at.toISOString(),
      startsInMs: row.starts_in_ms,
    }));
  }

  /** The confirmed registrations of a Café whose people are not checked in. */
  async confirmedIn(cafeId: string): Promise<{ registrationId: string; attendeeId: string }[]> {
    return this.#query<{ registrationId: string; attendeeId: string }>(
      `select r.id as "registrationId", r.attendee_id as "attendeeId" from registration r
       where r.cafe_id = $1 and r.status = 'confirmed' and r.checked_in_at is null order by r.id`,
      [cafeId],
    );
  }

  /** The end of the last Café of an event, or of the event where that is later; ISO 8601. */
  async eventOverAt(eventId: string): Promise<string | undefined> {
    const [row] = await this.#query<{ over_at: Date }>(`${selectOver} where e.id = $1`, [eventId]);
    return row?.over_at.toISOString();
  }

  /** The events that ended between `fromMs` and `untilMs` milliseconds ago. `overAt`: as in `eventOverAt`. */
  async eventsOver(fromMs: number, untilMs: number): Promise<{ eventId: string; overAt: string }[]> {
    const found = await this.#query<{ event_id: string; over_at: Date }>(
      `select o.event_id, o.over_at from (${selectOver}) o
       where o.over_at > seats_now() - make_interval(secs => $1 / 1000.0)
         and o.over_at <= seats_now() - make_interval(secs => $2 / 1000.0)
       order by o.over_at, o.event_id`,
      [fromMs, untilMs],
    );
    return found.map(({ event_id: eventId, over_at }) => ({ eventId, overAt: over_at.toISOString() }));
  }

  /** Every attendee with a confirmed seat in any Café of an event. */
  async seatedAt(eventId: string): Promise<string[]> {
    const found = await this.#query<{ attendee_id: string }>(
      `select distinct r.attendee_id from cafe c join registration r on r.cafe_id = c.id and r.status = 'confirmed'
       where c.event_id = $1`,
      [eventId],
    );
    return found.map(({ attendee_id }) => attendee_id);
  }
}
