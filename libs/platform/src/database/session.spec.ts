import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/index.ts';
import { startPoolerLike, startQuietServer } from '../../../../test/support/quiet-server.ts';
import { CALL_STATEMENT_TIMEOUT_MS, inTransaction, isDatabaseUnavailable, openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { PostgresTooOld, requireServer, SILENCE_MS } from './session.ts';

let testDatabase: TestDatabase;
beforeEach(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(() => testDatabase.drop());

const opened = (url: string, more: { statementTimeoutMs?: number; logger?: never } = {}) =>
  openDatabase({ url, connectionsMax: 1, applicationName: 'session-spec', ...more });
const errorOf = (work: Promise<unknown>) => work.then(() => undefined).catch((error: Error) => error);

async function administer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: testDatabase.url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('a server that is too old', () => {
  const server = (number: number, version: string) =>
    ({ query: async () => ({ rows: [{ number, version }] }) }) as never;

  it('is reported with its version, the required version and the documentation', async () => {
    const line =
      'PostgreSQL 18 or newer is needed, and the server of DATABASE_URL is 17.6: docs/operations.md, “PostgreSQL”, says where to get it.';
    for (const old of [150_014, 170_006, 179_999])
      await expect(requireServer(server(old, '17.6'))).rejects.toThrow(line);
    await expect(requireServer(server(180_000, '18.0'))).resolves.toBeUndefined();
    await expect(administer(requireServer)).resolves.toBeUndefined();
  });

  it('makes calls unavailable, not internal errors', () => {
    expect(isDatabaseUnavailable(new PostgresTooOld('15.4'))).toBe(true);
  });
});

describe('a server that does not respond', () => {
  it('fails a call of the API within five seconds, and later than a lock timeout', () => {
    expect(CALL_STATEMENT_TIMEOUT_MS + SILENCE_MS).toBeLessThan(5_000);
    expect(CALL_STATEMENT_TIMEOUT_MS).toBeGreaterThan(3_000);
  });

  it.each(['pool', 'prisma', 'transaction', 'transaction of Prisma'])(
    'delays a call of the %s by one time limit only',
    async (way) => {
      const quiet = await startQuietServer(testDatabase.url, (request) => request.includes('select 1 as silent'));
      const database = opened(quiet.url, { statementTimeoutMs: 1_000 });
      const { pool, prisma } = database;
      try {
        const began = performance.now();
        const calls: Record<string, () => Promise<unknown>> = {
          pool: () => pool.query('select 1 as silent'),
          prisma: () => prisma.$queryRaw`select 1 as silent`,
          transaction: () => inTransaction(pool, (client) => client.query('select 1 as silent')),
          'transaction of Prisma': () => prisma.$transaction([prisma.$queryRaw`select 1 as silent`]),
        };
        const error = await errorOf((calls[way] as () => Promise<unknown>)());
        const limits = (performance.now() - began) / (1_000 + SILENCE_MS);
        expect(isDatabaseUnavailable(error)).toBe(true);
        // A rollback on this connection would wait for the same time again.
        expect(limits).toBeLessThan(2);
        // The connection is not used again: the next call gets another one.
        quiet.resume();
        expect((await pool.query('select 2 as next')).rows).toEqual([{ next: 2 }]);
      } finally {
        await database.close();
        await quiet.close();
      }
    },
  );
});

describe('a session', () => {
  const settings = `select current_setting('TimeZone') as zone, current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`;

  it('has its limits and UTC, whatever the server, the role and the address set, and requests them in no start-up packet', async () => {
    const started: string[] = [];
    const server = await startQuietServer(testDatabase.url, (request) => {
      started.push(request);
      return false;
    });
    await administer(async (client) => {
      const { rows } = await client.query('select current_database() as name');
      await client.query(`alter database ${rows[0].name} set timezone = 'Asia/Kathmandu'`);
      await client.query(`alter database ${rows[0].name} set lock_timeout = '9s'`);
    });
    const database = opened(server.url, { statementTimeoutMs: 7_000 });
    try {
      expect((await database.pool.query(settings)).rows).toEqual([{ zone: 'UTC', statement: '7s', lock: '3s' }]);
      // A connection pooler refuses a connection with an unknown parameter.
      expect(started[0]).toContain('application_name');
      expect(started[0]).not.toMatch(/timeout|options|timezone/i);
    } finally {
      await database.close();
      await server.close();
    }
  });
});

describe('behind a connection pooler', () => {
  it('a pool sets the time zone only, and warns once if the role has no limits', async () => {
    const pooler = await startPoolerLike(testDatabase.url);
    await administer(async (client) => {
      const { rows } = await client.query('select current_database() as name');
      await client.query(`alter database ${rows[0].name} reset all`);
    });
    const warnings: string[] = [];
    const logger = { warn: (_: unknown, text: string) => void warnings.push(text) } as never;
    const both = [opened(pooler.url, { logger }), opened(pooler.url, { logger })];
    const shown = `select current_setting('TimeZone') as zone, current_setting('lock_timeout') as lock`;
    try {
      for (const { pool } of both) expect((await pool.query(shown)).rows).toEqual([{ zone: 'UTC', lock: '0' }]);
      expect(warnings).toEqual([expect.stringContaining('lock_timeout is not set')]);
    } finally {
      for (const database of both) await database.close();
      await pooler.close();
    }
  });

  it('a migration is refused, because the pooler would keep its lock', async () => {
    const pooler = await startPoolerLike(testDatabase.url);
    try {
      await expect(migrate(pooler.url)).rejects.toThrow(/^This session holds a lock.*DATABASE_DIRECT_URL/);
      const locks = await administer((client) =>
        client.query(
          `select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
        ),
      );
      expect(locks.rowCount).toBe(0);
    } finally {
      await pooler.close();
    }
  });
});

describe('the schema', () => {
  const check = async () => {
    const database = opened(testDatabase.url);
    try {
      return await database.checkSchema().then(
        () => 'ok',
        (error) => error.code,
      );
    } finally {
      await database.close();
    }
  };

  it('belongs to this build once it was migrated, also after a migration to a newer build', async () => {
    expect(await check()).toBe('ok');
    await migrate(testDatabase.url, {
      files: [
        { name: 'newer', sql: 'create or replace function newer() returns integer language sql as $$ select 1 $$;' },
      ],
    }).catch(() => {});
    expect(await check()).toBe('ok');
  });

  it('is old before the database was migrated to this build, and empty without tables', async () => {
    await administer((client) => client.query(`update _sql_builds set digest = 'of an earlier build'`));
    expect(await check()).toBe('old');
    await administer((client) => client.query('drop table _sql_builds'));
    expect(await check()).toBe('old');
    await migrate(testDatabase.url);
    expect(await check()).toBe('ok');
    await administer((client) => client.query('drop schema public cascade; create schema public'));
    expect(await check()).toBe('empty');
  });
});
