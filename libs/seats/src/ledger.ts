import type pg from 'pg';
import { type Database, inTransaction } from '#platform';

/** A row of the ledger (`seat_ledger`): a change of a registration, or of a Café itself. */
interface SeatEvent {
  cafe_id: string;
  version: string;
  /** A registration status; or `checked-in`, `check-in-undone`, `told` (a change that keeps the status, such as a move), `cafe`. */
  what: string;
  cause: string;
  registration_id: string | null;
  attendee_id: string | null;
  waitlist_number: number | null;
  overlapping: boolean | null;
  cafe: { capacity: number; target: number | null; state: string; waitlistOpen: boolean } | null;
}

interface Replayed {
  attendeeId: string;
  status: string;
  waitlistNumber: number | null;
  present: boolean;
  overlapping: boolean;
  guest: boolean;
}

/** A Café as the replay of its ledger describes it. */
interface Replay {
  registrations: Map<string, Replayed>;
  capacity: number;
  target: number | null;
  state: string;
  waitlistOpen: boolean;
  taken: number;
  waitlisted: number;
  present: number;
  unproved: number;
  unprovedWaiting: number;
  /** Versions at which more seats were taken than the capacity. */
  oversoldAt: string[];
}

const seatStatuses = new Set(['held', 'offered', 'confirmed']);

/** Replays the ledger of a Café from its beginning. `events` are in the order of their versions. */
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
    unproved: 0,
    unprovedWaiting: 0,
    oversoldAt: [],
  };
  for (const [index, event] of events.entries()) {
    if (event.cafe) {
      const { capacity, target, state, waitlistOpen } = event.cafe;
      Object.assign(cafe, { capacity, target, state, waitlistOpen });
    }
    if (event.registration_id !== null) apply(cafe, event, event.registration_id);
    // A version may have several rows. Only the state after its last row was committed.
    if (events[index + 1]?.version === event.version) continue;
    if (cafe.target !== null) {
      cafe.capacity = Math.max(cafe.target, cafe.taken);
      if (cafe.capacity === cafe.target) cafe.target = null;
    }
    if (cafe.taken > cafe.capacity) cafe.oversoldAt.push(event.version);
  }
  return cafe;
}

function apply(cafe: Replay, event: SeatEvent, id: string): void {
  const before = cafe.registrations.get(id);
  const stays = ['told', 'checked-in', 'check-in-undone'].includes(event.what);
  const status = stays ? (before?.status ?? '') : event.what;
  const active = seatStatuses.has(status);
  const present = event.what === 'checked-in' || (event.what === 'told' && (before?.present ?? false));
  const after: Replayed = {
    attendeeId: event.attendee_id ?? '',
    status,
    waitlistNumber: event.waitlist_number ?? before?.waitlistNumber ?? null,
    present,
    overlapping: event.overlapping ?? false,
    // It was made as a guest registration, and its person has not confirmed it since then.
    guest: event.cause === 'guest' || (event.cause !== 'proof' && (before?.guest ?? false)),
  };
  cafe.taken += Number(active) - Number(seatStatuses.has(before?.status ?? ''));
  cafe.waitlisted += Number(status === 'waitlisted') - Number(before?.status === 'waitlisted');
  cafe.present += Number(present) - Number(before?.present ?? false);
  cafe.unproved += Number(isHeld(after)) - Number(isHeld(before));
  cafe.unprovedWaiting += Number(isWaitingGuest(after)) - Number(isWaitingGuest(before));
  cafe.registrations.set(id, after);
}

const isHeld = (registration?: Replayed) => registration?.status === 'held';
const isWaitingGuest = (registration?: Replayed) => registration?.status === 'waitlisted' && registration.guest;

/** The result of an audit: how much was read, and each difference between the tables and the ledger. */
export interface Audit {
  cafes: number;
  events: number;
  differences: string[];
}

/** Replays the whole ledger and compares it with the tables and their counts, in one snapshot. Changes nothing. */
export async function auditSeats(database: Database): Promise<Audit> {
  return inTransaction(database.pool, async (client) => {
    await client.query('set transaction isolation level repeatable read, read only');
    const audit: Audit = { cafes: 0, events: 0, differences: [] };
    const counters = await client.query(
      `select cafe_id, capacity, target_capacity as target, state, waitlist_open as "waitlistOpen", taken, waitlisted, present,
         unproved, unproved_waiting as "unprovedWaiting"
       from cafe_seats order by cafe_id`,
    );
    const eventsOf = await byCafe<SeatEvent>(
      client,
      'ledger',
      `select cafe_id, version, what, cause, registration_id, attendee_id, waitlist_number, overlapping, cafe
       from seat_ledger order by cafe_id, version, id nulls first`,
    );
    const registrationsOf = await byCafe<AuditedRow>(
      client,
      'audited',
      `select cafe_id, id, attendee_id, status, waitlist_number, checked_in_at is not null as present, overlapping
       from registration order by cafe_id`,
    );
    for (const { cafe_id: cafeId, ...counted } of counters.rows) {
      const events = await eventsOf(cafeId);
      audit.cafes += 1;
      audit.events += events.length;
      const { registrations, oversoldAt, ...replayed } = replay(events);
      const report = (what: string) => audit.differences.push(`Café ${cafeId}: ${what}`);
      for (const version of oversoldAt) report(`oversold at version ${version}`);
      for (const [name, value] of Object.entries(counted)) {
        const byLedger = replayed[name as keyof typeof replayed];
        if (byLedger !== value) report(`${name} is ${value} in the table, ${byLedger} by the ledger`);
      }
      for (const row of await registrationsOf(cafeId)) {
        const replayedRow = registrations.get(row.id);
        registrations.delete(row.id);
        const inTable = [row.attendee_id, row.status, row.present, row.overlapping, row.waitlist_number].join(' ');
        const inLedger =
          replayedRow &&
          [
            replayedRow.attendeeId,
            replayedRow.status,
            replayedRow.present,
            replayedRow.overlapping,
            replayedRow.waitlistNumber,
          ].join(' ');
        if (inTable !== inLedger)
          report(`registration ${row.id} is “${inTable}” in the table, “${inLedger}” by the ledger`);
      }
      for (const [id, { status }] of registrations) {
        if (status !== 'cancelled' && status !== 'expired') report(`registration ${id} is missing in the table`);
      }
    }
    const { rows: differing } = await client.query('select * from seats_recount()');
    for (const { what, id, counted, recounted } of differing) {
      audit.differences.push(`${what} ${id}: counted ${counted}, recounted ${recounted}`);
    }
    return audit;
  });
}

interface AuditedRow {
  cafe_id: string;
  id: string;
  attendee_id: string;
  status: string;
  waitlist_number: number | null;
  present: boolean;
  overlapping: boolean;
}

/** The number of rows of one fetch. */
const FETCHED_ROWS = 10_000;

/**
 * Reads the rows of `select`, which are ordered by `cafe_id`, one Café at a time, so that only the rows of one Café are in memory. Call the
 * returned function for Cafés in the same order; rows of other Cafés are skipped.
 */
async function byCafe<Row extends { cafe_id: string }>(
  client: pg.PoolClient,
  cursor: string,
  select: string,
): Promise<(cafeId: string) => Promise<Row[]>> {
  await client.query(`declare ${cursor} cursor for ${select}`);
  let ahead: Row[] = [];
  let at = 0;
  const next = async (): Promise<Row | undefined> => {
    if (at === ahead.length) {
      ahead = (await client.query<Row>(`fetch ${FETCHED_ROWS} from ${cursor}`)).rows;
      at = 0;
    }
    return ahead[at];
  };
  return async (cafeId) => {
    const found: Row[] = [];
    for (let row = await next(); row && row.cafe_id <= cafeId; row = await next()) {
      if (row.cafe_id === cafeId) found.push(row);
      at += 1;
    }
    return found;
  };
}
