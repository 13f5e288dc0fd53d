import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { PrismaClient } from './generated/client.ts';

/** The largest time that one statement may take, in milliseconds; the server ends it then. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** How long a statement waits for a lock, in milliseconds. Then it changed nothing, and the client is answered `busy`. */
const LOCK_TIMEOUT_MS = 3_000;
/** When a server that says nothing is given up, in milliseconds: one that is there has ended the statement by then. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
/** How long to wait for a connection before a request is answered `unavailable`, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * The database of an app: one pool of connections, and Prisma on top of the same pool.
 * `pool` is for SQL functions and transactions (the seat engine, the outbox); `prisma` for reading and writing records.
 */
export abstract class Database {
  abstract pool: pg.Pool;
  abstract prisma: PrismaClient;
  /** Resolves when the server answers; rejects otherwise. */
  abstract ping(): Promise<void>;
  abstract close(): Promise<void>;
}

/** Open the pool. No connection is made yet, so this does not fail when the server is away. */
export function openDatabase(options: {
  url: string;
  connectionsMax: number;
  applicationName: string;
  logger?: Pick<Logger, 'warn'>;
}): Database {
  const pool = new pg.Pool({
    connectionString: inUtc(options.url),
    max: options.connectionsMax,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
  });
  // Without a listener one dropped connection would end the process. The pool replaces it at the next use.
  pool.on('error', (error) => options.logger?.warn({ fault: error.message }, 'a database connection was lost'));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    pool,
    prisma,
    async ping() {
      await pool.query('select 1');
    },
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}

/**
 * The address with the session's time zone set to UTC: Prisma's adapter sends and reads instants without their offset, so another
 * zone of the server would shift them.
 */
function inUtc(url: string): string {
  const address = new URL(url);
  const given = address.searchParams.get('options');
  address.searchParams.set('options', [given, '-c TimeZone=UTC'].filter(Boolean).join(' '));
  return address.href;
}

const names = new Map<string, string>();

/**
 * A statement that each connection parses once, and plans for any values after a while. Its name is made from its text, so that
 * no two statements have the same one: a connection refuses the second.
 * @param text a constant: it is kept for good.
 */
export function prepared(text: string, values: unknown[]): { name: string; text: string; values: unknown[] } {
  let name = names.get(text);
  if (!name) {
    name = createHash('sha1').update(text).digest('base64url');
    names.set(text, name);
  }
  return { name, text, values };
}

/** Run `work` in one transaction on one connection; commit when it resolves, roll back when it throws. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((fault: Error) => {
      broken = fault;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** What Prisma says instead of PostgreSQL's code when it never reached the server, or has no code of the server. */
const PRISMA_UNAVAILABLE = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);

/**
 * PostgreSQL's code (SQLSTATE) of an error, whether `pg` threw it or Prisma did; undefined when the error did not come from the server.
 * @example sqlState(error) === '23505' // a unique constraint was violated; Prisma calls it P2002
 */
export function sqlState(error: unknown): string | undefined {
  const { code, severity, meta } = (error ?? {}) as {
    code?: unknown;
    severity?: unknown;
    meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } };
  };
  // Codes of Node and of Prisma look alike; only an error of the server has a severity.
  const state = meta?.driverAdapterError?.cause?.originalCode ?? (severity === undefined ? undefined : code);
  return typeof state === 'string' ? state : undefined;
}

/** True for errors that pass without a change of the request: the server is away, starting, stopping, out of connections, or took too long. */
export function isDatabaseUnavailable(error: unknown): boolean {
  // By shape: an error of Node itself is no `Error` of ours where tests run in a realm of their own.
  const { code = '', message = '' } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== 'string' || typeof message !== 'string') return false;
  return (
    /^(08|57P0|57014|53)/.test(sqlState(error) ?? '') ||
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)$/.test(code) ||
    PRISMA_UNAVAILABLE.has(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error/i.test(
      message,
    )
  );
}
