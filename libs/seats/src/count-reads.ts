import type { CafeSeats, PendingClosing, RoomSlot } from '#contract';
import type { Database } from '#platform';
import { openQuery, type Query } from './query.ts';
import * as rows from './rows.ts';

/** The counts of a Café, with the values that an organiser may change. */
export interface CafeSeatsState extends CafeSeats {
  roomId: string;
  eventId: string;
  state: string;
  waitlistOpen: boolean;
  /** Grows each time an organiser changes the capacity, the target capacity, the state or the waitlist. */
  settingsVersion: number;
  /** A smaller capacity that is reached as seats become free. */
  targetCapacity?: number;
  /** The periods in which the Café shares its room, when the room is too small for all its Cafés. */
  roomSlots?: RoomSlot[];
  /** A closing of its waitlist, or of the Café, that can still be undone. */
  closing?: PendingClosing;
}

/** The version and the room of a Café. */
export interface CafeVersion {
  cafeId: string;
  version: number;
  roomId: string;
  draft: boolean;
  /** Whether its event is a draft. */
  eventDraft: boolean;
  /** Whether its event is not over, or ended less than a day ago. */
  current: boolean;
  /** A text that changes with the texts, state, waitlist, room, time and room slots of the Café, and with its event and its room. */
  facts: string;
}

/** Reads the counts of Cafés, and their versions. */
export class CountReads {
  readonly #query: Query;

  constructor(database: Database) {
    this.#query = openQuery(database.pool);
  }

  /** The counts of Cafés without state and waitlist, for the seat feed. */
  async countsOf(cafeIds: string[]): Promise<CafeSeats[]> {
    const found = await this.#query<rows.Counts>(
      'select cafe_id, version, capacity, taken, waitlisted, present from cafe_seats where cafe_id = any ($1)',
      [cafeIds],
    );
    return found.map(rows.seats);
  }

  /** The counts, state and waitlist of Cafés. */
  cafeSeats(cafeIds: string[]): Promise<CafeSeatsState[]> {
    return this.#where('c.id = any ($1)', [cafeIds]);
  }

  /** The counts of every Café of an event, or of all events, drafts included. */
  seatsOfEvent(eventId?: string): Promise<CafeSeatsState[]> {
    return this.#where('($1::uuid is null or c.event_id = $1)', [eventId ?? null]);
  }

  /** The counts of every Café of a room, without drafts. */
  async seatsOfRoom(roomId: string): Promise<CafeSeats[]> {
    return (await this.#where(`c.room_id = $1 and s.state <> 'draft'`, [roomId])).map(rows.countsOnly);
  }

  /** The version of all counts, states and waitlists of an event: a text that differs after every change. One cheap query, for caches. */
  async versionOfEvent(eventId: string): Promise<string> {
    // The version of each Café only grows, so the sum changes with every change.
    const [found] = await this.#query<{ version: string }>(
      `select count(*) || ' ' || coalesce(sum(s.version), 0) as version
       from cafe_seats s join cafe c on c.id = s.cafe_id where c.event_id = $1`,
      [eventId],
    );
    return found?.version ?? '';
  }

  /**
   * The versions and rooms of all Cafés, or of the current ones only. The query for the current ones is cheap, because a gateway runs it
   * every second.
   */
  async versions(which: 'all' | 'current' = 'all'): Promise<CafeVersion[]> {
    const found = await this.#query<{
      cafe_id: string;
      version: string;
      room_id: string;
      draft: boolean;
      event_draft: boolean;
      current: boolean;
      facts: string;
    }>(
      `select s.cafe_id, s.version, c.room_id, s.state = 'draft' as draft, e.state = 'draft' as event_draft,
         e.ends_at > seats_now() - interval '1 day' as current,
         hashtextextended(concat_ws(
           ' ', s.state, s.waitlist_open, c.room_id, c.version, r.version, e.facts_version,
           case when s.pooled then (
             select string_agg(concat_ws(' ', t.starts_at, t.capacity, t.cafe_ids), ' ' order by t.starts_at) from room_slots_of(c.id) t
           ) end
         ), 0) as facts
       from cafe_seats s join cafe c on c.id = s.cafe_id join room r on r.id = c.room_id join event e on e.id = c.event_id
       ${which === 'current' ? `where e.ends_at > seats_now() - interval '1 day'` : ''}`,
      [],
    );
    return found.map((row) => ({
      cafeId: row.cafe_id,
      version: Number(row.version),
      roomId: row.room_id,
      draft: row.draft,
      eventDraft: row.event_draft,
      current: row.current,
      facts: row.facts,
    }));
  }

  async #where(condition: string, values: unknown[]): Promise<CafeSeatsState[]> {
    const found = await this.#query<rows.CafeRow>(
      `${rows.selectCafe} where ${condition} order by c.starts_at, c.id`,
      values,
    );
    return found.map((row) => ({
      ...rows.seats(row),
      roomId: row.room_id,
      eventId: row.event_id,
      state: row.state,
      waitlistOpen: row.waitlist_open,
      settingsVersion: Number(row.settings_version),
      ...(row.target_capacity !== null && { targetCapacity: row.target_capacity }),
      ...(row.room_slots && { roomSlots: row.room_slots }),
      ...(row.closing && { closing: row.closing }),
    }));
  }
}
