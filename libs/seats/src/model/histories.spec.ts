import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import {
  beginning,
  type Command,
  command,
  decideByModel,
  historyFunctions,
  told,
} from '../../../../test/support/histories.ts';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/index.ts';
import { buildWorld } from '../../../../test/support/world.ts';

const HISTORIES = Number(process.env.HISTORIES ?? 2_000);
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
    const { rows } = await client.query<{ state: unknown; differing: string }>({
      name: 'history',
      text: 'select * from run_history($1, $2, $3, $4)',
      values: [JSON.stringify(history), ids.cafeIds, ids.people, ids.roomIds],
    });
    return { states: rows.slice(0, -1).map(({ state }) => state), differing: Number(rows.at(-1)?.differing) };
  } finally {
    await client.query('rollback');
  }
}

/** The first difference between both sides, told so that it can be read. */
async function difference(history: Command[]): Promise<unknown> {
  const { states, differing } = await runInPostgres(history);
  let state = beginning();
  for (const [index, each] of history.entries()) {
    state = decideByModel(state, each);
    const byModel = JSON.stringify(told(state));
    const byPostgres = JSON.stringify(states[index]);
    if (byModel !== byPostgres) return { after: history.slice(0, index + 1), byModel, byPostgres };
  }
  return differing === 0 ? undefined : { differing };
}

describe('the SQL of the seat engine', () => {
  it(`does what the model says, in ${HISTORIES} random histories of ${COMMANDS} commands`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: COMMANDS, maxLength: COMMANDS }), async (history) => {
        expect(await difference(history)).toBeUndefined();
      }),
      { numRuns: HISTORIES, endOnFailure: process.env.SHRINK === undefined },
    );
  });
});
