import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, freePort, type TestDatabase, waitFor } from '../../../../test/support/index.ts';
import { type Database, inTransaction, isDatabaseUnavailable, openDatabase, prepared, sqlState } from './database.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, connectionsMax: 2, applicationName: 'test-database' });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** The error of a statement that runs longer than the limit of 50 ms. */
const statementError = (statement: string) =>
  inTransaction(database.pool, async (client) => {
    await client.query(`set local statement_timeout = '50ms'`);
    return client.query(statement);
  }).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a prepared statement', () => {
  it('has the same name on each connection, and no other statement has it', async () => {
    const client = await database.pool.connect();
    try {
      for (const text of ['select 1 as n', 'select 2 as n', 'select 1 as n']) {
        expect((await client.query(prepared(text, []))).rows).toEqual([{ n: Number(text.at(7)) }]);
      }
      const { rows } = await client.query('select statement from pg_prepared_statements order by statement');
      expect(rows).toEqual([{ statement: 'select 1 as n' }, { statement: 'select 2 as n' }]);
    } finally {
      client.release(true);
    }
  });
});

describe('an error of a statement', () => {
  it('is temporary when the server ended the statement because it took too long', async () => {
    expect(isDatabaseUnavailable(await statementError('select pg_sleep(60)'))).toBe(true);
  });

  it('is not temporary when the statement is wrong', async () => {
    for (const wrong of ['select 1/0', 'select * from nowhere', `select 'x'::uuid`]) {
      const error = await statementError(wrong);
      expect(error).toBeDefined();
      expect(isDatabaseUnavailable(error)).toBe(false);
    }
  });
});

describe('an error that Prisma throws', () => {
  const uuid = '01890000-0000-7000-8000-000000000001';
  const errorOf = (query: Promise<unknown>) => query.then(() => undefined).catch((error: unknown) => error);

  it('has the code of PostgreSQL, like an error of the pool', async () => {
    const { prisma } = database;
    const attendee = { email: 'twice@example.org', name: 'Twice', locale: 'fr' };
    await prisma.attendee.create({ data: attendee });
    const unique = await errorOf(prisma.attendee.create({ data: attendee }));
    expect(unique).toMatchObject({ code: 'P2002' });
    expect(sqlState(unique)).toBe('23505');
    const foreign = await errorOf(
      prisma.roleGrant.create({ data: { attendeeId: uuid, role: 'organiser', eventId: uuid } }),
    );
    expect(foreign).toMatchObject({ code: 'P2003' });
    expect(sqlState(foreign)).toBe('23503');
    const check = await errorOf(prisma.attendee.create({ data: { ...attendee, email: ' Not Folded ' } }));
    expect(sqlState(check)).toBe('23514');
    expect(sqlState(await errorOf(prisma.$queryRaw`select 1/0`))).toBe('22012');
    expect(sqlState(await errorOf(database.pool.query('select 1/0')))).toBe('22012');
    const ofNode = Object.assign(new Error('broken pipe'), { code: 'EPIPE' });
    const ofPrisma = await errorOf(prisma.attendee.update({ where: { id: uuid }, data: { name: '' } }));
    expect([ofNode, ofPrisma, undefined].map(sqlState)).toEqual([undefined, undefined, undefined]);
    expect([unique, foreign, check].map(isDatabaseUnavailable)).toEqual([false, false, false]);
  });

  it('is a deadlock with its code, so that the transaction can be retried', async () => {
    await database.pool.query(
      `insert into attendee (email, name, locale) values ('one@example.org', '', 'fr'), ('two@example.org', '', 'fr')`,
    );
    const named = (email: string, name: string) =>
      database.prisma.attendee.update({ where: { email }, data: { name } });
    const other = openDatabase({ url: testDatabase.url, connectionsMax: 1, applicationName: 'other' });
    const crossing = await other.pool.connect();
    try {
      // The connection of Prisma finds the deadlock, because the other one waits for a minute before it checks.
      await crossing.query(`begin; set local deadlock_timeout = '1min'`);
      await crossing.query(`update attendee set name = 'x' where email = 'two@example.org'`);
      const both = errorOf(
        database.prisma.$transaction([named('one@example.org', 'a'), named('two@example.org', 'a')]),
      );
      await waitFor(
        async () =>
          (
            await database.pool.query(
              `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
            )
          ).rowCount === 1,
        { what: 'the transaction to wait' },
      );
      const theirs = crossing.query(`update attendee set name = 'x' where email = 'one@example.org'`);
      const error = await both;
      expect(error).toMatchObject({ code: 'P2034' });
      expect(sqlState(error)).toBe('40P01');
      await theirs;
    } finally {
      crossing.release(true);
      await other.close();
    }
  });

  it('is temporary when the server is unavailable, took too long, closed the connection or has none left', async () => {
    const port = await freePort();
    const away = openDatabase({ url: `postgres://x@localhost:${port}/x`, connectionsMax: 1, applicationName: 'away' });
    expect(isDatabaseUnavailable(await errorOf(away.prisma.event.findMany()))).toBe(true);
    expect(isDatabaseUnavailable(await errorOf(away.prisma.$transaction([away.prisma.event.findMany()])))).toBe(true);
    await away.close();

    const { prisma, pool } = database;
    const slow = prisma.$transaction([
      prisma.$executeRaw`set local statement_timeout = '50ms'`,
      prisma.$queryRaw`select pg_sleep(60)::text`,
    ]);
    expect(isDatabaseUnavailable(await errorOf(slow))).toBe(true);

    const ended = errorOf(prisma.$queryRaw`select pg_sleep(60)::text`);
    const end = () =>
      pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query like 'select pg_sleep(60)%' and state = 'active' and pid <> pg_backend_pid()`,
      );
    await waitFor(async () => (await end()).rowCount === 1, { what: 'the statement to be ended' });
    expect(isDatabaseUnavailable(await ended)).toBe(true);

    const late = prisma.$transaction([prisma.$queryRaw`select pg_sleep(0.2)::text`, prisma.event.findMany()], {
      timeout: 50,
    });
    const lateError = await errorOf(late);
    expect(lateError).toMatchObject({ code: 'P2028' });
    expect(isDatabaseUnavailable(lateError)).toBe(true);

    const taken = [await pool.connect(), await pool.connect()];
    try {
      const errors = await Promise.all([
        errorOf(prisma.$transaction([prisma.event.findMany()])),
        errorOf(prisma.event.findMany()),
      ]);
      expect(errors.map(isDatabaseUnavailable)).toEqual([true, true]);
    } finally {
      for (const client of taken) client.release();
    }
  });
});

describe('an instant', () => {
  it('is the same for Prisma and for the pool, whatever the time zone of the server and the options of the address', async () => {
    const url = new URL(testDatabase.url);
    url.searchParams.set('options', '-c TimeZone=Asia/Kathmandu -c application_name=of-the-address');
    const elsewhere = openDatabase({ url: url.href, connectionsMax: 1, applicationName: 'elsewhere' });
    try {
      const at = new Date('2026-03-29T00:30:00.123Z');
      const { id } = await elsewhere.prisma.attendee.create({
        data: { email: 'zone@example.org', name: 'Zone', locale: 'fr', emailProvedAt: at },
      });
      const { rows } = await elsewhere.pool.query('select email_proved_at as at from attendee where id = $1', [id]);
      expect(rows).toEqual([{ at }]);
      await elsewhere.pool.query(`update attendee set email_proved_at = '2026-07-01T12:00:00+05:45' where id = $1`, [
        id,
      ]);
      const read = await elsewhere.prisma.attendee.findUniqueOrThrow({ where: { id } });
      expect(read.emailProvedAt).toEqual(new Date('2026-07-01T06:15:00Z'));
    } finally {
      await elsewhere.close();
    }
  });
});
