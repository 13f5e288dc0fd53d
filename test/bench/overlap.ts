import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { BenchOptions, BenchResult } from './main.ts';
import { machine, median, round } from './measure.ts';
import { withBenchServers } from './servers.ts';

const BATCH = 200;
const take = `select attendee_id, registration_id from unnest($1::uuid[], $2::uuid[]) as t (registration_id, attendee_id)`;
const blocks = (count: number) => ({
  table: 'registration_id uuid, attendee_id uuid, block integer, primary key (attendee_id, block)',
  insert: `insert into seat select registration_id, attendee_id, block from (${take}) t, generate_series(1, ${count}) block
    order by attendee_id, block on conflict do nothing`,
});

/** Constraints that prevent two overlapping seats of a person (docs/adr/0003), for a Café of 45 minutes. */
const mechanisms: Record<string, { table: string; insert: string }> = {
  'exclusion, GiST (uuid, tstzrange)': {
    table:
      'registration_id uuid, attendee_id uuid, during tstzrange, exclude using gist (attendee_id with =, during with &&)',
    insert: `insert into seat select registration_id, attendee_id, tstzrange(now(), now() + interval '45 minutes') from (${take}) t
      on conflict do nothing`,
  },
  'exclusion, SP-GiST (int8range)': {
    table: 'registration_id uuid, during int8range, exclude using spgist (during with &&)',
    insert: `insert into seat select registration_id, int8range(person * 33554432 + 1000, person * 33554432 + 1045)
      from (select registration_id, ('x' || left(attendee_id::text, 8))::bit(32)::bigint as person from (${take}) t) p
      on conflict do nothing`,
  },
  'primary key (person, 15 minutes)': blocks(3),
  'primary key (person, 5 minutes)': blocks(9),
  'one bit a minute and a check': {
    table: `attendee_id uuid, day integer, busy bit(1440), busy_minutes integer, primary key (attendee_id, day),
      check (bit_count(busy) = busy_minutes)`,
    insert: `insert into seat as mine select attendee_id, 1, minutes, 45
      from (${take}) t, (select (repeat('1', 45) || repeat('0', 1395))::bit(1440) as minutes) m order by attendee_id
      on conflict (attendee_id, day) do update
        set busy = mine.busy | excluded.busy, busy_minutes = mine.busy_minutes + excluded.busy_minutes
        where bit_count(mine.busy & excluded.busy) = 0`,
  },
};

/** `npm run bench -- overlap`: the cost of each constraint alone, in microseconds for each claim, in batches of 200. */
export async function benchOverlap({ quick, say }: BenchOptions): Promise<BenchResult> {
  return withBenchServers(async ({ postgresUrl }) => {
    const client = new pg.Client({ connectionString: postgresUrl });
    await client.connect();
    await client.query('create extension btree_gist');
    const figures: Record<string, number> = {};
    for (const [name, { table, insert }] of Object.entries(mechanisms)) {
      const rounds: number[] = [];
      for (let round = 0; round < (quick ? 3 : 5); round++) {
        await client.query('drop table if exists seat');
        await client.query(`create table seat (${table})`);
        let done = 0;
        const started = performance.now();
        while (performance.now() - started < (quick ? 1_000 : 3_000)) {
          const ids = () => Array.from({ length: BATCH }, () => randomUUID());
          await client.query({ name: `${name} ${round}`, text: insert, values: [ids(), ids()] });
          done += BATCH;
        }
        rounds.push(((performance.now() - started) * 1_000) / done);
      }
      figures[name] = round(median(rounds));
      say(`${name}: ${figures[name]} µs`);
    }
    await client.end();
    const names = Object.keys(mechanisms);
    const bits = figures[names.at(-1) as string] as number;
    return {
      bench: 'overlap',
      machine: machine(),
      ratios: { exclusionToBits: round((figures[names[0] as string] as number) / bits) },
      figures: { microsecondsAClaim: figures },
      text: ['µs a claim | mechanism', ...names.map((name) => `${String(figures[name]).padStart(10)} | ${name}`)],
    };
  });
}
