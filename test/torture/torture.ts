import fc from 'fast-check';
import type pg from 'pg';
import type { Database } from '#platform';
import { auditSeats } from '#seats';
import type { ModelState } from '../../libs/seats/src/model/index.ts';
import { changeCafe } from '../../libs/seats/src/model/index.ts';
import { beginning, type Command, command, historyFunctions, snapshot } from '../support/histories.ts';
import { buildWorld } from '../support/world.ts';

const CONNECTIONS = 8;
const COMMANDS_A_CONNECTION = 25;

export interface TortureReport {
  rounds: number;
  commands: number;
  /** The number of commands that were retried after a deadlock. */
  deadlocks: number;
  /** The number of commands that were retried because their data changed before they had their locks. */
  changed: number;
  violations: string[];
}

/**
 * Runs rounds of random commands over eight connections at the same time, each round in its own small world. After each round, the replayed
 * ledger must equal the tables and never be oversold, the counts must equal a recount, and no person in a waitlist may be able to take a
 * free seat. The first round with a violation is the last; the report names its seed.
 */
export async function torture(
  database: Database,
  { seed, until, rounds: roundsMax = Number.POSITIVE_INFINITY }: { seed: number; until: number; rounds?: number },
): Promise<TortureReport> {
  const { pool } = database;
  const ready = await pool.query(`select to_regproc('run_history') is not null as ready`);
  if (!ready.rows[0].ready) await pool.query(historyFunctions);
  const report: TortureReport = { rounds: 0, commands: 0, deadlocks: 0, changed: 0, violations: [] };
  while (Date.now() < until && report.rounds < roundsMax && report.violations.length === 0) {
    const roundSeed = seed + report.rounds;
    await pool.query(
      'truncate event, attendee, outbox, outbox_batch, seat_event, seat_event_made, registration, attendee_day, mailbox_hold cascade',
    );
    const ids = await buildWorld(pool);
    // In every other round the second room is in another event, so that people wait in two events.
    if (roundSeed % 2) await pool.query(ofAnotherEvent, [ids.eventId, ids.roomIds[1]]);
    const histories = fc.sample(
      fc.array(command, { minLength: COMMANDS_A_CONNECTION, maxLength: COMMANDS_A_CONNECTION }),
      { seed: roundSeed, numRuns: CONNECTIONS },
    );
    const ends = await Promise.allSettled(histories.map((history) => runOn(pool, history, ids, report)));
    for (const end of ends) if (end.status === 'rejected') report.violations.push(`seed ${roundSeed}: ${end.reason}`);
    report.violations.push(
      ...(await violationsOf(database, ids)).map((violation) => `seed ${roundSeed}: ${violation}`),
    );
    report.rounds += 1;
  }
  return report;
}

/** Moves a room and its Cafés to another event. */
const ofAnotherEvent = `
  with another as (
    insert into event (slug, title, time_zone, starts_at, ends_at, locales)
    select slug || '-another', title, time_zone, starts_at, ends_at, locales from event where id = $1 returning id
  ),
  its_room as (update room set event_id = another.id from another where room.id = $2)
  update cafe set event_id = another.id from another where cafe.room_id = $2`;

type Ids = Awaited<ReturnType<typeof buildWorld>>;

async function runOn(pool: pg.Pool, history: Command[], ids: Ids, report: TortureReport): Promise<void> {
  for (const each of history) {
    // The clock is one row for all connections. It does not move, so that the connections do not wait for that row.
    if (each.what === 'advance') continue;
    if (each.what === 'claim') {
      // Two transactions, as in the engine. In one transaction, the second call would lock its Cafés in another order.
      const names = [ids.cafeIds[each.cafe], ids.people[each.person]];
      const outcome = await committed(pool, report, 'select run_claim($1, $2) as answer', names);
      if (outcome === 'guest-registration') await committed(pool, report, 'select run_take_over($1, $2)', names);
    } else {
      const values = [JSON.stringify(each), ids.cafeIds, ids.people, ids.roomIds];
      await committed(pool, report, 'select run_command($1, $2, $3, $4)', values);
    }
    report.commands += 1;
  }
}

/** Runs a transaction with the retries of the engine. Returns its `answer`. */
async function committed(pool: pg.Pool, report: TortureReport, text: string, values: unknown[]): Promise<unknown> {
  for (let attempt = 0; ; attempt++) {
    try {
      return (await pool.query({ name: text, text, values })).rows[0]?.answer;
    } catch (error) {
      const { code } = error as { code?: string };
      if (attempt === 20) throw error;
      if (code === '40P01') report.deadlocks += 1;
      else if (code === '40001') report.changed += 1;
      else throw error;
    }
  }
}

/** The violations of the rules in a world after its round. */
async function violationsOf(database: Database, ids: Ids): Promise<string[]> {
  const { differences: violations } = await auditSeats(database);
  const { rows } = await database.pool.query('select snapshot($1, $2, $3) as state', [
    ids.cafeIds,
    ids.people,
    ids.roomIds,
  ]);
  const state = stateOf(rows[0].state, await groupsIn(database.pool, ids), await provedIn(database.pool, ids));
  // Guests may wait although a seat is free: the limit of their mailbox may allow one only after a later change in another Café.
  const waiting = state.registrations.filter(({ status }) => status === 'waitlisted');
  const groupsWithGuest = new Set(waiting.flatMap(({ guest, group }) => (guest && group !== undefined ? [group] : [])));
  const waitsAsGuest = (each: (typeof waiting)[number]) =>
    each.status === 'waitlisted' && (each.guest || groupsWithGuest.has(each.group ?? -1));
  state.registrations = state.registrations.filter((each) => !waitsAsGuest(each));
  // In the model, a change without an effect moves every waitlist up. No person may move up now.
  for (const cafe of state.cafes) {
    if (cafe.state !== 'open' || !cafe.waitlistOpen) continue;
    const after = changeCafe(state, cafe.id, { waitlistOpen: true }).state;
    if (JSON.stringify(snapshot(after)) !== JSON.stringify(snapshot(state))) {
      violations.push(`a person waits for a seat that they could take: ${JSON.stringify(snapshot(state))}`);
      break;
    }
  }
  return violations;
}

type Snapshot = ReturnType<typeof snapshot>;

/** A snapshot of Postgres, as a state of the model. */
function stateOf(cafes: Snapshot, groups: Map<string, number>, proved: boolean[]): ModelState {
  const state = beginning();
  state.people.forEach((person, place) => {
    person.proved = proved[place] ?? false;
  });
  cafes.forEach(({ cafe: facts, people }, place) => {
    const cafe = state.cafes[place];
    if (!cafe) return;
    const [capacity, target, cafeState, waitlistOpen, , , , lastNumber, room, startsAt, endsAt] = facts;
    Object.assign(cafe, { capacity, target: target ?? undefined, state: cafeState, waitlistOpen, lastNumber });
    Object.assign(cafe, { roomId: String(room), startsAt, endsAt });
    for (const [person, status, guest, position, expiresAt, proveBy, present, overlapping] of people as [
      number,
      string,
      boolean,
      number | null,
      number | null,
      number | null,
      boolean,
      boolean,
    ][]) {
      state.registrations.push({
        cafeId: cafe.id,
        personId: String(person),
        status: status as 'held',
        guest,
        number: position ?? undefined,
        expiresAt: expiresAt ?? undefined,
        proveBy: proveBy ?? undefined,
        present,
        overlapping,
        group: groups.get(`${place} ${person}`),
      });
    }
  });
  return state;
}

/** The waiting people who asked for `all` together: Café and person → the number of their group. */
async function groupsIn(pool: pg.Pool, ids: Ids): Promise<Map<string, number>> {
  const { rows } = await pool.query(
    `select array_position($1::uuid[], r.cafe_id) - 1 as cafe, array_position($2::uuid[], r.attendee_id) - 1 as person,
       dense_rank() over (order by d.id)::integer as number
     from registration r join delegation d on d.id = r.delegation_id and d.mode = 'all' where r.status = 'waitlisted'`,
    [ids.cafeIds, ids.people],
  );
  return new Map(rows.map(({ cafe, person, number }) => [`${cafe} ${person}`, number]));
}

async function provedIn(pool: pg.Pool, ids: Ids): Promise<boolean[]> {
  const { rows } = await pool.query(
    'select email_proved_at is not null as proved from attendee where id = any ($1) order by array_position($1, id)',
    [ids.people],
  );
  return rows.map(({ proved }) => proved);
}
