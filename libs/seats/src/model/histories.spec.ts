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
  snapshot,
} from '../../../../test/support/histories.ts';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/index.ts';
import { buildWorld } from '../../../../test/support/world.ts';
import type { ModelState } from './index.ts';
import * as model from './index.ts';

/** `npm run seats -- histories --count N` runs more histories. */
const HISTORIES = Number(process.env.HISTORIES ?? 80);
const HISTORIES_OF_MODEL = 80;
/** A mutant gets the same histories in every run, so that its result is always the same. */
const SEED_OF_MUTANTS = 1;
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

/** Runs a history in Postgres and rolls it back. Returns the snapshot after each command, and how many counters differ at the end. */
async function runInPostgres(history: Command[]) {
  await client.query('begin');
  try {
    const { rows } = await client.query<{ state: unknown; answers: unknown; differing: string }>({
      name: 'history',
      text: 'select * from run_history($1, $2, $3, $4)',
      values: [JSON.stringify(history), ids.cafeIds, ids.people, ids.roomIds],
    });
    return { snapshots: rows.slice(0, -1), differing: Number(rows.at(-1)?.differing) };
  } finally {
    await client.query('rollback');
  }
}

/** The first difference between the model and the SQL. */
async function difference(history: Command[]): Promise<unknown> {
  const { snapshots, differing } = await runInPostgres(history);
  let state = beginning();
  for (const [index, each] of history.entries()) {
    const answers = answersByModel(state, each);
    state = decideByModel(state, each);
    const byModel = JSON.stringify([snapshot(state), answers]);
    const byPostgres = JSON.stringify([snapshots[index]?.state, snapshots[index]?.answers]);
    if (byModel !== byPostgres) return { after: history.slice(0, index + 1), byModel, byPostgres };
  }
  return differing === 0 ? undefined : { differing };
}

describe('the SQL of the seat engine', () => {
  it(
    `has the same results as the model, in ${HISTORIES} random histories of ${COMMANDS} commands`,
    async () => {
      await fc.assert(
        fc.asyncProperty(historyOf(COMMANDS), async (history) => {
          expect(await difference(history)).toBeUndefined();
        }),
        // The message of a failure has the seed and the shortest history that fails.
        { numRuns: HISTORIES },
      );
    },
    HISTORIES * 10_000 + 300_000,
  );
});

/** The rules that a state violates, by itself or compared with the state before. */
function broken(before: ModelState, after: ModelState): string[] {
  const found: string[] = [];
  for (const cafe of after.cafes) {
    const waitlist = model.waitlistOf(after, cafe.id);
    const free = model.freeIn(after, cafe);
    const takes = cafe.state === 'open' && cafe.endsAt > after.now;
    const stranded = waitlist.filter(
      ({ guest, group, personId }) =>
        !guest && group === undefined && model.inTheWay(after, personId, cafe).length === 0,
    );
    if (takes && free > 0 && stranded.length > 0) found.push(`a free seat beside a proved person in ${cafe.id}`);
    const share = Math.ceil((cafe.capacity * after.unprovedSharePercent) / 100);
    const unproved = model.unprovedIn(after, cafe.id);
    if (unproved > share && unproved > model.unprovedIn(before, cafe.id))
      found.push(`more than the share in ${cafe.id}`);
    for (const [index, registration] of waitlist.entries()) {
      const { personId, guest } = registration;
      const oldIndex = model
        .waitlistOf(before, cafe.id)
        .findIndex((each) => each.personId === personId && each.guest === guest);
      if (oldIndex !== -1 && oldIndex < index) found.push(`a worse position in ${cafe.id}`);
    }
  }
  for (const { mailbox } of after.people) {
    if (model.heldFor(after, mailbox) > 3) found.push(`more than three seats held for ${mailbox}`);
  }
  return found;
}

describe('the model', () => {
  it('leaves no seat free when a proved person can take it, applies the limits of guests, and makes no position worse', () => {
    fc.assert(
      fc.property(historyOf(COMMANDS), (history) => {
        let before = beginning();
        for (const each of history) {
          const after = decideByModel(before, each);
          expect([each, broken(before, after)]).toEqual([each, []]);
          before = after;
        }
      }),
      { numRuns: HISTORIES_OF_MODEL },
    );
  });
});

/** Possible errors of the SQL: the function, the text to find, and the text that replaces it. */
const mutants: {
  name: string;
  of: string;
  edit: [RegExp, string];
  also?: string;
  /** The commands that most of a history consists of, so that it finds the mutant. Default: all. */
  often?: Command['what'][];
}[] = [
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
    name: 'that serves the end of the waitlist first',
    of: 'waitlist_next',
    edit: [/over \(order by u\.first\)/, 'over (order by u.first desc)'],
  },
  {
    name: 'that answers all claims with the time of the first',
    of: 'seats_claim',
    edit: [/ and v_given\.alike then/, ' then'],
  },
  {
    name: 'that does not write the message',
    of: 'registration_made',
    edit: [/where a\.kind is not null/, 'where false'],
  },
  {
    name: 'that ends expired registrations by another clock',
    of: 'seats_leave',
    edit: [/seats_now\(\)/, 'clock_timestamp()'],
  },
  { name: 'that ignores the capacity of the room', of: 'seats_free', edit: [/where s\.pooled and/, 'where false and'] },
  {
    name: 'that seats a part of a group that asked for all',
    of: 'waitlist_next',
    edit: [/q\.upto <= p_free/, 'q.upto - q.need < p_free'],
    often: ['together', 'claim', 'cancel'],
  },
  {
    name: 'that takes minutes for a guest registration',
    of: 'takes_minutes',
    edit: [/in \('offered', 'confirmed'\) and not \(p_registration\)\.guest/, "in ('held', 'offered', 'confirmed')"],
  },
  {
    name: 'that lets guests take all seats of a Café',
    of: 'seats_free_for_guests',
    edit: [/e\.unproved_share_percent/, '100'],
  },
  {
    name: 'that does not count the seats held for guests',
    of: 'registration_made',
    edit: [/s\.unproved \+ n\.unproved,/, 's.unproved,'],
  },
  {
    name: 'that ignores the mailbox limit in a guest claim',
    of: 'guests_register',
    edit: [/<= mailbox_holds_max\(\)/, '<= 100'],
    also: 'alter table mailbox_hold drop constraint mailbox_hold_within_limit',
    often: ['claim-as-guest', 'cancel-guest'],
  },
  {
    name: 'that holds any number of seats for a mailbox',
    of: 'mailbox_holds_max',
    edit: [/select 3/, 'select 100'],
    also: 'alter table mailbox_hold drop constraint mailbox_hold_within_limit',
    often: ['claim-as-guest', 'cancel-guest'],
  },
  {
    name: 'that reads an address and its alias as two mailboxes',
    of: 'mailbox_of',
    edit: [/, '\+', 1\)/, ", '/', 1)"],
    often: ['claim-as-guest', 'cancel-guest'],
  },
  {
    name: 'that serves guests before people whose address is proved',
    of: 'waitlist_next',
    edit: [/and not r\.guest and not exists/, 'and not exists'],
  },
  {
    name: 'that confirms a guest registration whose time is over',
    of: 'guest_registration_is_open',
    edit: [/> seats_now\(\)\n/, 'is not null\n'],
    often: ['claim-as-guest', 'prove', 'advance'],
  },
  {
    name: 'that never ends the time to prove an address',
    of: 'seats_due',
    edit: [/r\.prove_by <= seats_now\(\)/, 'false'],
  },
  {
    name: 'that gives a person with a guest registration a second registration',
    of: 'guest_places',
    edit: [/where s\.state/, 'where false and s.state'],
  },
  {
    name: 'that gives freed seats although the target is lower',
    of: 'registration_changed',
    edit: [/greatest\(s\.target_capacity, s\.taken \+ n\.seats\)/, 's.capacity'],
  },
  {
    name: 'that releases more seats than people wait',
    of: 'seats_release_no_shows',
    edit: [/takes < cardinality\(v_absent_ids\)/, 'false'],
    often: ['claim', 'no-shows', 'check-in'],
  },
  {
    name: 'that ignores pending releases',
    of: 'seats_release_no_shows',
    edit: [/v_pending_ids \|\| v_absent_ids/, 'v_absent_ids'],
    often: ['claim', 'no-shows'],
  },
  {
    name: 'that releases the seat of a person who was checked in meanwhile',
    of: 'seats_apply_change',
    edit: [/seats_absent\(v_change\.cafe_id, v_change\.registration_ids\)/, 'v_change.registration_ids'],
    often: ['claim', 'no-shows', 'check-in', 'apply'],
  },
  {
    name: 'that undoes a change after its ten seconds',
    of: 'seats_undo_change',
    edit: [/p\.applies_at > seats_now\(\)/, 'true'],
  },
  {
    name: 'that ends the waitlist of a Café that was opened again',
    of: 'seats_end_later',
    edit: [/where p\.cafe_id = p_before\.cafe_id and/, 'where false and'],
    often: ['claim', 'change', 'apply'],
  },
  {
    name: 'that delays a change that is not undoable',
    of: 'seats_end_later',
    edit: [/case when p_undoable then seats_undo_window\(\) else '0' end/, 'seats_undo_window()'],
  },
  {
    name: 'that leaves a closing pending after a change that is not undoable',
    of: 'seats_change_cafe',
    edit: [/if not p_undoable then/, 'if false then'],
  },
  {
    name: 'that keeps the seat of a person without an address whose arrival is undone',
    of: 'seats_undo_check_in',
    edit: [/a\.email is null/, 'false'],
    often: ['walk-in', 'undo'],
  },
  {
    name: 'that writes a message to a person without an address',
    of: 'registration_changed',
    edit: [/a\.email is null/, 'false'],
    often: ['walk-in', 'undo', 'change', 'move'],
  },
];

describe('a mutant of the SQL', () => {
  it.each(mutants)('$name is found by a history', async ({ of, edit: [found, put], also, often }) => {
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
        fc.asyncProperty(historyOf(COMMANDS, often), async (history) => {
          expect(await difference(history)).toBeUndefined();
        }),
        { seed: SEED_OF_MUTANTS, numRuns: 300, endOnFailure: true },
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
