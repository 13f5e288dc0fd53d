import { type Database, inTransaction } from '#platform';

/** A row of the ledger (`seat_event`). */
interface SeatEvent {
  version: string;
  /** A registration status; or `checked-in`, `check-in-undone`, `told`, `cafe`. */
  what: string;
  registration_ids: string[];
  attendee_ids: string[];
  waitlist_numbers: number[];
  overlapping: boolean | null;
  cafe: { capacity: number; target: number | null; state: string; waitlistOpen: boolean } | null;
}

interface Replayed {
  attendeeId: string;
  status: string;
  waitlistNumber: number | null;
  present: boolean;
  overlapping: boolean;
}

/** A Café as its ledger tells it. */
interface Replay {
  registrations: Map<string, Replayed>;
  capacity: number;
  target: number | null;
  state: string;
  waitlistOpen: boolean;
  taken: number;
  waitlisted: number;
  present: number;
  /** Versions at which more seats were taken than there were. */
  oversoldAt: string[];
}

const seatStatuses = new Set(['held', 'offered', 'confirmed']);

/** Run a Café's ledger from its beginning. `events` in the order of their versions. */
function replay(events: SeatEvent[]): Replay {
  const cafe: Replay = {
    registrations: new Map(),
    capacity: 0,
    target: null,
    state: '',
    waitlistOpen: false,
    taken: 0,
    waitlisted: 0,
    present: 0,
    oversoldAt: [],
  };
  for (const [index, event] of events.entries()) {
    if (event.cafe) {
      const { capacity, target, state, waitlistOpen } = event.cafe;
      Object.assign(cafe, { capacity, target, state, waitlistOpen });
    }
    for (const [place, id] of event.registration_ids.entries()) apply(cafe, event, place, id);
    // A version may have several rows: only what stands after the last of them was ever seen.
    if (events[index + 1]?.version === event.version) continue;
    if (cafe.target !== null) {
      cafe.capacity = Math.max(cafe.target, cafe.taken);
      if (cafe.capacity === cafe.target) cafe.target = null;
    }
    if (cafe.taken > cafe.capacity) cafe.oversoldAt.push(event.version);
  }
  return cafe;
}

function apply(cafe: Replay, event: SeatEvent, place: number, id: string): void {
  const before = cafe.registrations.get(id);
  const stays = ['told', 'checked-in', 'check-in-undone'].includes(event.what);
  const status = stays ? (before?.status ?? '') : event.what;
  const active = seatStatuses.has(status);
  const present = event.what === 'checked-in' || (event.what === 'told' && (before?.present ?? false));
  const after: Replayed = {
    attendeeId: event.attendee_ids[place] ?? '',
    status,
    waitlistNumber: event.waitlist_numbers[place] ?? before?.waitlistNumber ?? null,
    present,
    overlapping: event.overlapping ?? false,
  };
  cafe.taken += Number(active) - Number(seatStatuses.has(before?.status ?? ''));
  cafe.waitlisted += Number(status === 'waitlisted') - Number(before?.status === 'waitlisted');
  cafe.present += Number(present) - Number(before?.present ?? false);
  cafe.registrations.set(id, after);
}

/** What an audit found: how much it read, and each place where the tables and the ledger differ. None is the right answer. */
export interface Audit {
  cafes: number;
  events: number;
  faults: string[];
}

/** Replay the whole ledger and compare it with the tables and their counters, as of one moment. Changes nothing. */
export async function auditSeats(database: Database): Promise<Audit> {
  return inTransaction(database.pool, async (client) => {
    await client.query('set transaction isolation level repeatable read, read only');
    const audit: Audit = { cafes: 0, events: 0, faults: [] };
    const counters = await client.query(
      `select cafe_id, capacity, target_capacity as target, state, waitlist_open as "waitlistOpen", taken, waitlisted, present
       from cafe_seats order by cafe_id`,
    );
    for (const { cafe_id: cafeId, ...counted } of counters.rows) {
      const events = await client.query<SeatEvent>({
        name: 'ledger',
        text: `select version, what, registration_ids, attendee_ids, waitlist_numbers, overlapping, cafe
               from seat_event where cafe_id = $1 order by version, id`,
        values: [cafeId],
      });
      audit.cafes += 1;
      audit.events += events.rows.length;
      const { registrations, oversoldAt, ...replayed } = replay(events.rows);
      const fault = (what: string) => audit.faults.push(`Café ${cafeId}: ${what}`);
      for (const version of oversoldAt) fault(`oversold at version ${version}`);
      for (const [name, value] of Object.entries(counted)) {
        const told = replayed[name as keyof typeof replayed];
        if (told !== value) fault(`${name} is ${value} in the table, ${told} by the ledger`);
      }
      const rows = await client.query({
        name: 'audited',
        text: `select id, attendee_id, status, waitlist_number, checked_in_at is not null as present, overlapping
               from registration where cafe_id = $1`,
        values: [cafeId],
      });
      for (const row of rows.rows) {
        const told = registrations.get(row.id);
        registrations.delete(row.id);
        const inTable = [row.attendee_id, row.status, row.present, row.overlapping, row.waitlist_number].join(' ');
        const inLedger =
          told && [told.attendeeId, told.status, told.present, told.overlapping, told.waitlistNumber].join(' ');
        if (inTable !== inLedger)
          fault(`registration ${row.id} is “${inTable}” in the table, “${inLedger}” by the ledger`);
      }
      for (const [id, { status }] of registrations) {
        if (status !== 'cancelled' && status !== 'expired') fault(`registration ${id} is missing in the table`);
      }
    }
    const { rows: differing } = await client.query('select * from seats_recount()');
    for (const { what, id, counted, recounted } of differing) {
      audit.faults.push(`${what} ${id}: counted ${counted}, recounted ${recounted}`);
    }
    return audit;
  });
}
