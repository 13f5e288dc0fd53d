import pg from 'pg';
import { type Database, migrate, openDatabase } from '#platform';
import { buildEvent } from '../../support/build.ts';
import { claimStep, medianTimesMs, stepsOf } from './one-at-a-time.ts';

/** The number of registrations in a database, one for each person, and the number of Cafés (an even number). */
export interface Size {
  registrations: number;
  cafes: number;
}

/** One claim at a time in a small and in a big database, by random people in random Cafés. */
export async function measureSizes(
  postgresUrl: string,
  times: number,
  sizes: { small: Size; big: Size },
): Promise<{ smallMs: number; bigMs: number }> {
  const small = await fill(postgresUrl, 'bench_small', sizes.small, stepsOf(times));
  const big = await fill(postgresUrl, 'bench_big', sizes.big, stepsOf(times));
  try {
    await expectRecounted(small.database);
    const [smallMs, bigMs] = await medianTimesMs(times, [
      claimStep(small.database, small.claims),
      claimStep(big.database, big.claims),
    ]);
    return { smallMs, bigMs };
  } finally {
    await small.drop();
    await big.drop();
  }
}

/** A database of that size, and claims that get a seat there. */
async function fill(postgresUrl: string, name: string, size: Size, claims: number) {
  const url = Object.assign(new URL(postgresUrl), { pathname: name }).href;
  await run(postgresUrl, [`create database ${name}`]);
  await migrate(url);
  const database = openDatabase({ url, connectionsMax: 1, applicationName: 'bench' });
  await buildEvent(database.pool, [{ seats: 100_000 }, { seats: 100_000, startsAfterMinutes: 60 }]);
  await run(url, fillStatements(size));
  return {
    database,
    claims: await claimsOf(database, size, claims),
    async drop() {
      await database.close();
      await run(postgresUrl, [`drop database ${name}`]);
    },
  };
}

/** Runs statements one after the other on a connection without a statement timeout. */
async function run(url: string, statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * Grows an event with two Cafés, one at each of two times, to the full size. Writes the tables directly, with the values that the seat
 * engine would write.
 */
function fillStatements({ registrations, cafes }: Size): string[] {
  return [
    'set session_replication_role = replica',
    `insert into cafe (event_id, room_id, code, kind, position, texts, hosts, speakers, contacts, language, starts_at, ends_at)
     select event_id, room_id, 'cafe-' || (number + 1), kind, number, texts, hosts, speakers, contacts, language, starts_at, ends_at
     from generate_series(2, ${cafes - 1}) number join cafe on position = number % 2`,
    `select cafe_seats_open(id, 100000, 'open', true) from cafe where position >= 2`,
    `insert into attendee (email, name, locale, email_proved_at)
     select 'person-' || number || '@example.org', 'Personne ' || number, 'fr', now()
     from generate_series(1, ${registrations}) number`,
    `insert into registration (cafe_id, attendee_id, status, cause)
     select c.id, a.id, 'confirmed', 'claim'
     from (${numberedPeople}) a join cafe c on c.position = a.number % ${cafes} order by a.number`,
    `insert into cafe_minutes (cafe_id, day, minutes, count, days)
     select c.id, m.day, m.minutes, bit_count(m.minutes), 1 from cafe c cross join lateral minutes_of(c.starts_at, c.ends_at) m where c.position >= 2`,
    `insert into attendee_day (attendee_id, day, busy, busy_minutes)
     select r.attendee_id, m.day, m.minutes, m.count from registration r join cafe_minutes m using (cafe_id)`,
    `update cafe_seats s set taken = n.count, version = n.count
     from (select cafe_id, count(*)::integer from registration group by cafe_id) n where n.cafe_id = s.cafe_id`,
    'vacuum (analyze)',
    'checkpoint',
  ];
}

/** All people, numbered from 0. */
const numberedPeople = 'select id, row_number() over (order by id) - 1 as number from attendee';

/** Random people, each with a Café at the time at which the person has no seat. */
async function claimsOf(database: Database, { registrations, cafes }: Size, count: number) {
  const { rows } = await database.pool.query<{ cafeId: string; attendeeId: string }>(
    `select c.id as "cafeId", a.id as "attendeeId"
     from (${numberedPeople}) a join cafe c on c.position = (a.number + 1) % $1
     where a.number % $2 = 0 order by a.number limit $3`,
    [cafes, Math.floor(registrations / count), count],
  );
  return rows;
}

/** Checks that the written counts equal a recount. Checking the small database is enough for both. */
async function expectRecounted(database: Database): Promise<void> {
  const { rows } = await database.pool.query('select * from seats_recount()');
  if (rows.length > 0) throw new Error(`The filled database is not sound: ${JSON.stringify(rows.slice(0, 3))}`);
}
