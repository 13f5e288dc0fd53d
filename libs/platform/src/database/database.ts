import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { PrismaClient } from './generated/client.ts';

/** The longest time of one statement, in milliseconds. Then the server cancels it. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** How long a statement waits for a lock, in milliseconds. Then the statement fails without a change, and the client gets `busy`. */
const LOCK_TIMEOUT_MS = 3_000;
/** When the client gives up a statement, in milliseconds: a server that answers has cancelled it before. */
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

/** Opens the pool. No connection is made yet, so this does not fail while the server is unavailable. */
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
  // Without a listener a lost connection would end the process. The pool replaces it at the next use.
  pool.on('error', (error) => options.logger?.warn({ error: error.message }, 'a database connection was lost'));
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
 * The address with the time zone of the session set to UTC: Prisma's adapter sends and reads instants without their offset, so another time
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
 * A statement that each connection parses once, and plans for any values after a few runs. Its name is a hash of its text, because a
 * connection refuses a second statement with the same name.
 *
 * @param text a constant: it is cached for ever
 */
export function prepared(text: string, values: unknown[]): { name: string; text: string; values: unknown[] } {
  let name = names.get(text);
  if (!name) {
    name = createHash('sha1').update(text).digest('base64url');
    names.set(text, name);
  }
  return { name, text, values };
}

/** Runs `work` in one transaction on one connection. Commits when it resolves, rolls back when it throws. */
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
    await client.query('rollback').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** Prisma's codes for errors without a code of PostgreSQL: Prisma did not reach the server, or the server sent no code. */
const PRISMA_UNAVAILABLE = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);

/**
 * Returns PostgreSQL's code (SQLSTATE) of an error that `pg` or Prisma threw; undefined when the error did not come from the server.
 *
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

/**
 * Whether an error is temporary: the server is unavailable, starting, stopping, out of connections, or took too long. The same request may
 * succeed later.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  // Compares fields instead of classes: in tests, errors of Node come from another realm and are no `Error` here.
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
