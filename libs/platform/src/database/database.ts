import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { type HealthCheck, warnOfParts } from '../health.ts';
import { PrismaClient } from './generated/client.ts';
import { schemaCheck } from './schema-state.ts';
import { AnsweredClient, PostgresTooOld, prepareSession, SILENCE_MS } from './session.ts';

/** How long one statement may take, in milliseconds, before the server ends it. Tools and the worker change many rows in one statement. */
const STATEMENT_TIMEOUT_MS = 30_000;
/**
 * The same limit for an app that answers people. It is longer than `LOCK_TIMEOUT_MS`, so that a request that waits for a lock gets `busy`.
 * With `SILENCE_MS`, a call fails within five seconds if the server does not respond.
 */
export const CALL_STATEMENT_TIMEOUT_MS = 4_000;
/** How long a statement waits for a lock, in milliseconds. After that it has changed nothing, and the client gets `busy`. */
const LOCK_TIMEOUT_MS = 3_000;
/** How long a request waits for a connection, in milliseconds, before it gets `unavailable`. */
const CONNECT_TIMEOUT_MS = 4_500;
/** After how much idle time TCP begins to check whether the other side of a connection still exists, in milliseconds. */
const KEEP_ALIVE_AFTER_MS = 5_000;

/**
 * The database of an app: one pool of connections, and Prisma on top of the same pool.
 * `pool` is for SQL functions and transactions (the seat engine, the outbox); `prisma` for reading and writing records.
 */
export abstract class Database {
  abstract pool: pg.Pool;
  abstract prisma: PrismaClient;
  /** Resolves when the server answers; otherwise rejects, with `PostgresTooOld` if it is older than PostgreSQL 18. */
  abstract ping(): Promise<void>;
  /** Resolves when the database has been migrated to this build; otherwise rejects, see `schemaCheck`. */
  abstract checkSchema(): Promise<void>;
  abstract close(): Promise<void>;
}

/**
 * Opens the pool. It makes no connection yet, so it does not fail while the server is unavailable.
 * @param options.statementTimeoutMs how long one statement may take, 30 s by default. The client ends the connection if the server has not
 * responded half a second after that.
 */
export function openDatabase(options: {
  url: string;
  connectionsMax: number;
  applicationName: string;
  statementTimeoutMs?: number;
  logger?: Pick<Logger, 'warn'>;
}): Database {
  const { logger, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
  const limits = { statementMs: statementTimeoutMs, lockMs: LOCK_TIMEOUT_MS };
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connectionsMax,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: statementTimeoutMs + SILENCE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    Client: AnsweredClient,
    // The pool waits for this callback before it hands out the connection.
    onConnect: (client) => prepareSession(client as pg.Client, limits, logger),
  });
  // Without a listener, one lost connection would end the process. The pool opens another one for the next query.
  pool.on('error', (error) => logger?.warn({ error: error.message }, 'a database connection was lost'));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    pool,
    prisma,
    async ping() {
      await pool.query('select 1');
    },
    checkSchema: schemaCheck(pool),
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}

const names = new Map<string, string>();

/**
 * A statement that each connection parses once, and plans for any values after a few runs. Its name is a hash of its text, because a
 * connection refuses two statements with the same name.
 *
 * @param text a constant: it is cached permanently
 */
export function prepared(text: string, values: unknown[]): { name: string; text: string; values: unknown[] } {
  let name = names.get(text);
  if (!name) {
    name = createHash('sha1').update(text).digest('base64url');
    names.set(text, name);
  }
  return { name, text, values };
}

/** Runs `work` in one transaction on one connection. Commits when it resolves, rolls back when it rejects. */
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

/** Prisma's codes for errors without a PostgreSQL code: Prisma did not reach the server, or the server sent no code. */
const PRISMA_UNAVAILABLE = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);

/**
 * Returns the PostgreSQL code (SQLSTATE) of an error that `pg` or Prisma threw; undefined if the error did not come from the server.
 *
 * @example sqlState(error) === '23505' // a unique constraint was violated; Prisma calls it P2002
 */
export function sqlState(error: unknown): string | undefined {
  const { code, severity, meta } = (error ?? {}) as {
    code?: unknown;
    severity?: unknown;
    meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } };
  };
  // Codes of Node and Prisma look similar. Only errors of the server have a severity.
  const state = meta?.driverAdapterError?.cause?.originalCode ?? (severity === undefined ? undefined : code);
  return typeof state === 'string' ? state : undefined;
}

/**
 * Returns whether an error is temporary: the server is unavailable, starting, stopping, out of connections, or took too long. The same
 * request may succeed later.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  // Compares fields instead of classes, because in tests the errors of Node come from another realm and are not an `Error` here.
  const { code = '', message = '' } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== 'string' || typeof message !== 'string') return false;
  return (
    /^(08|57P0|57014|53)/.test(sqlState(error) ?? '') ||
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)$/.test(code) ||
    PRISMA_UNAVAILABLE.has(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|PostgreSQL \d+ or newer is needed/i.test(
      message,
    )
  );
}

/** The health checks of the database: whether the server answers, and whether the database has been migrated to this build. */
export function databaseChecks(database: () => Database): HealthCheck[] {
  return [
    { name: 'database', check: () => database().ping() },
    { name: 'schema', check: () => database().checkSchema() },
  ];
}

/**
 * Checks the database when an app starts, and logs what is missing. An app starts without a database, and serves as soon as there is one.
 * @throws PostgresTooOld because the app can never work with such a server
 */
export async function checkAtStart(database: Database, logger: Pick<Logger, 'warn'>): Promise<void> {
  await database.ping().catch((error: Error) => {
    if (error instanceof PostgresTooOld) throw error;
  });
  await warnOfParts(
    databaseChecks(() => database),
    logger,
  );
}
