import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import {
  answersByModel,
  beginning,
  type Command,
  decideByModel,
  historyFunctions,
  historyOf,
  told,
} from '../../../../test/support/histories.ts';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/index.ts';
import { buildWorld } from '../../../../test/support/world.ts';

const HISTORIES = 2_000;
const COMMANDS = 100;

let testDatabase: TestDatabase;
let client: pg.Client;
let ids: { cafeIds: string[]; roomIds: string[]; people: string[] };

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  client = new pg.Client({ connectionString: testDatabase.url });
  await client.connect();
  await client.query(historyFunctions);
  ids = await buildWorld(client);
});

afterAll(async () => {
  await client?.end();
  await testDatabase?.drop();
});

/** Run a history in Postgres and leave no trace: what it tells after each command, and where counters differ at the end. */
async function runInPostgres(history: Command[]) {
  await client.query('begin');
  try {
    const { rows } = await client.query<{ state: unknown; answers: unknown; differing: string }>({
      name: 'history',
      text: 'select * from run_history($1, $2, $3, $4)',
      values: [JSON.stringify(history), ids.cafeIds, ids.people, ids.roomIds],
    });
    return { told: rows.slice(0, -1), differing: Number(rows.at(-1)?.differing) };
  } finally {
    await client.query('rollback');
  }
}

/** The first difference between both sides, told so that it can be read. */
async function difference(history: Command[]): Promise<unknown> {
  const { told: toldByPostgres, differing } = await runInPostgres(history);
  let state = beginning();
  for (const [index, each] of history.entries()) {
    const answers = answersByModel(state, each);
    state = decideByModel(state, each);
    const byModel = JSON.stringify([told(state), answers]);
    const byPostgres = JSON.stringify([toldByPostgres[index]?.state, toldByPostgres[index]?.answers]);
    if (byModel !== byPostgres) return { after: history.slice(0, index + 1), byModel, byPostgres };
  }
  return differing === 0 ? undefined : { differing };
}

describe('the SQL of the seat engine', () => {
  it(`does what the model says, in ${HISTORIES} random histories of ${COMMANDS} commands`, async () => {
    await fc.assert(
      fc.asyncProperty(historyOf(COMMANDS), async (history) => {
        expect(await difference(history)).toBeUndefined();
      }),
      // A failure names its seed and the shortest history that shows it.
      { numRuns: HISTORIES },
    );
  }, 1_800_000);
});

/** Ways in which the SQL might have been written wrong: the function, and what is taken out or turned round in it. */
const mutants: { name: string; of: string; edit: [RegExp, string]; also?: string }[] = [
  {
    name: 'that lets a person have two seats at once',
    of: 'take_minutes',
    edit: [/where bit_count\(mine\.busy & excluded\.busy\) = 0/, ''],
    also: 'alter table attendee_day drop constraint attendee_day_no_overlap',
  },
  { name: 'that does not count a new seat', of: 'registration_made', edit: [/s\.taken \+ n\.seats/, 's.taken'] },
  {
    name: 'that does not count a freed seat',
    of: 'registration_changed',
    edit: [/taken = s\.taken \+ n\.seats/, 'taken = s.taken'],
  },
  {
    name: 'that serves the end of the line first',
    of: 'seats_move_line_up',
    edit: [/over \(order by u\.first\)/, 'over (order by u.first desc)'],
  },
  { name: 'that tells everybody the time of the first', of: 'seats_claim', edit: [/and alike and/, 'and'] },
  {
    name: 'that forgets the message',
    of: 'registration_made',
    edit: [/where a\.kind is not null/, 'where false'],
  },
  {
    name: 'that ends what has run out by another clock',
    of: 'seats_leave',
    edit: [/seats_now\(\)/, 'clock_timestamp()'],
  },
  { name: 'that forgets the room', of: 'seats_free', edit: [/where s\.pooled and/, 'where false and'] },
  {
    name: 'that seats a part of a group that asked for all',
    of: 'seats_move_line_up',
    edit: [/q\.upto <= free/, 'q.upto - q.need < free'],
  },
  {
    name: 'that gives freed seats away above the target',
    of: 'registration_changed',
    edit: [/greatest\(s\.target_capacity, s\.taken \+ n\.seats\)/, 's.capacity'],
  },
  {
    name: 'that releases more seats than people wait',
    of: 'seats_release_no_shows',
    edit: [/takes < cardinality\(v_absent_ids\)/, 'false'],
  },
  {
    name: 'that forgets the releases that are pending already',
    of: 'seats_release_no_shows',
    edit: [/v_pending_ids \|\| v_absent_ids/, 'v_absent_ids'],
  },
  {
    name: 'that releases the seat of a person who came meanwhile',
    of: 'seats_apply_change',
    edit: [/seats_absent\(v_change\.cafe_id, v_change\.registration_ids\)/, 'v_change.registration_ids'],
  },
  {
    name: 'that undoes a change after its ten seconds',
    of: 'seats_undo_change',
    edit: [/p\.applies_at > seats_now\(\)/, 'true'],
  },
  {
    name: 'that ends the waiting of a Café that was opened again',
    of: 'seats_end_later',
    edit: [/where p\.cafe_id = p_before\.cafe_id and/, 'where false and'],
  },
];

describe('a mutant of the SQL', () => {
  it.each(mutants)('$name is found by a history', async ({ of, edit: [found, put], also }) => {
    const mutated = await createTestDatabase();
    const healthy = client;
    client = new pg.Client({ connectionString: mutated.url });
    try {
      await client.connect();
      await client.query(historyFunctions);
      const ownIds = ids;
      ids = await buildWorld(client);
      const definition: string = (await client.query('select pg_get_functiondef($1::regproc) as definition', [of]))
        .rows[0].definition;
      expect(definition).toMatch(found);
      await client.query(definition.replace(found, put));
      if (also) await client.query(also);
      const details = await fc.check(
        fc.asyncProperty(historyOf(COMMANDS), async (history) => {
          expect(await difference(history)).toBeUndefined();
        }),
        { numRuns: 300, endOnFailure: true },
      );
      ids = ownIds;
      expect(details.failed).toBe(true);
    } finally {
      await client.end();
      client = healthy;
      await mutated.drop();
    }
  });
});
