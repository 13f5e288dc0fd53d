import pg from 'pg';
import type { Logger } from 'pino';
import { PartError } from '../health.ts';

/** The oldest supported server version: the first with `uuidv7()`. */
const POSTGRES_MIN = 18;

/** The server of `DATABASE_URL` is too old. The message is one line that says what the operator must do. */
export class PostgresTooOld extends PartError {
  constructor(version: string) {
    super(
      'old',
      `PostgreSQL ${POSTGRES_MIN} or newer is needed, and the server of DATABASE_URL is ${version}: docs/operations.md, “PostgreSQL”, says where to get it.`,
    );
  }
}

/**
 * A session that holds a lock or listens was opened through a connection pooler, which may give its server connection to another client.
 */
class BehindPooler extends PartError {
  constructor() {
    super(
      'pooler',
      'This session holds a lock, so it needs PostgreSQL itself, and its address leads to a connection pooler: set DATABASE_DIRECT_URL (docs/operations.md, “PgBouncer”).',
    );
  }
}

/** How long a client waits for a server that does not respond, after the time limit of the statement, in milliseconds. */
export const SILENCE_MS = 500;

/** The limits of the sessions of a pool, in milliseconds. */
export interface SessionLimits {
  /** How long a statement may take before the server ends it. */
  statementMs: number;
  /** How long a statement waits for a lock. */
  lockMs: number;
}

/** A client that ends its connection if the server does not respond in time, so that no later statement waits on that connection. */
export class AnsweredClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: `query` has ten overloads, and all are passed on.
  override query(...args: any[]): any {
    const answer = super.query(...(args as [string]));
    // With a callback there is no promise: the pool ends such a connection.
    if (typeof answer?.catch === 'function') {
      answer.catch((error: Error) => {
        if (error.message === 'Query read timeout') endWithoutWaiting(this);
      });
    }
    return answer;
  }
}

/** Ends a connection without waiting for the other side, which may not respond. */
export function endWithoutWaiting(client: pg.Client): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

interface ServerFacts {
  pid: number;
  version: string;
  number: number;
  lock: string;
}

const FACTS = `
  select pg_backend_pid() as pid, current_setting('server_version') as version,
    current_setting('server_version_num')::integer as number, current_setting('lock_timeout') as lock`;

/**
 * Prepares a new session: time zone UTC, because Prisma's adapter sends and reads instants without their offset, and the limits of the
 * pool. Statements set them instead of start-up parameters, because a connection pooler refuses connections with unknown parameters.
 * Behind a pooler, a session may use another server connection in each transaction. There only the time zone is set, which PgBouncer keeps
 * for each client; the limits must be settings of the role.
 * @throws PostgresTooOld
 */
export async function prepareSession(
  client: pg.Client,
  limits: SessionLimits,
  logger?: Pick<Logger, 'warn'>,
): Promise<void> {
  const { rows } = await client.query<ServerFacts>(FACTS);
  const facts = rows[0] as ServerFacts;
  requireVersion(facts);
  if (isPooled(client, facts)) {
    if (facts.lock === '0') warnOfPooler(logger);
    await client.query(`set timezone = 'UTC'`);
    return;
  }
  await client.query(
    `set timezone = 'UTC'; set statement_timeout = ${limits.statementMs}; set lock_timeout = ${limits.lockMs}`,
  );
}

/** @throws PostgresTooOld */
function requireVersion({ version, number }: Pick<ServerFacts, 'version' | 'number'>): void {
  if (number < POSTGRES_MIN * 10_000) throw new PostgresTooOld(version);
}

/** Returns whether a pooler answered: it has a process number of its own. */
function isPooled(client: Pick<pg.Client, 'query'>, { pid }: Pick<ServerFacts, 'pid'>): boolean {
  return (client as unknown as { processID: number }).processID !== pid;
}

/** Requires a new enough server, and no pooler in front of it. @throws PostgresTooOld @throws BehindPooler */
export async function requireServer(client: Pick<pg.Client, 'query'>): Promise<void> {
  const { rows } = await client.query<ServerFacts>(FACTS);
  const facts = rows[0] as ServerFacts;
  requireVersion(facts);
  if (isPooled(client, facts)) throw new BehindPooler();
}

const warned = new WeakSet<object>();

function warnOfPooler(logger: Pick<Logger, 'warn'> | undefined): void {
  if (!logger || warned.has(logger)) return;
  warned.add(logger);
  logger.warn(
    {},
    'DATABASE_URL leads to a connection pooler, and lock_timeout is not set: set it for the role (docs/operations.md, “PgBouncer”)',
  );
}
