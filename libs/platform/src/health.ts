import type { Logger } from 'pino';
import { within } from './within.ts';

/**
 * Why a part does not work. `away`: it does not answer. With the other codes it answers, but cannot do its work: `empty` (a database
 * without the tables of the product), `old` (a server or a database that is older than the build requires), `cluster`, `evicts`,
 * `read-only`, `full` (Redis), `refuses` (it rejects the sign-in or the data), `off` (switched off by the operator, or until the operator
 * confirms), `pooler` (a connection pooler instead of the server itself).
 */
export type PartErrorCode =
  | 'away'
  | 'empty'
  | 'old'
  | 'cluster'
  | 'evicts'
  | 'read-only'
  | 'full'
  | 'refuses'
  | 'off'
  | 'pooler';

/**
 * Thrown when a part cannot do its work. The message is for the log of the operator; the answer of `/health/ready` contains only the code.
 */
export class PartError extends Error {
  readonly code: PartErrorCode;
  /** Whether the app serves nevertheless, even if `HealthCheck.degradesOnly` is false. */
  readonly degradesOnly: boolean;

  constructor(code: PartErrorCode, message: string, { degradesOnly = false } = {}) {
    super(message);
    this.name = 'PartError';
    this.code = code;
    this.degradesOnly = degradesOnly;
  }
}

/** A part that an app depends on. */
export interface HealthCheck {
  name: string;
  /** Rejects while the part is unavailable, or with a `PartError` while it cannot do its work. */
  check(): Promise<unknown>;
  /** Whether the app serves without the part, with fewer functions. */
  degradesOnly?: boolean;
}

/**
 * The answer of `/health/ready`. Its HTTP status is 503 if `status` is `unavailable`. It is 200 if `status` is `ok`, or `degraded`: then
 * the app serves without the parts that do not work.
 */
export interface Readiness {
  status: 'ok' | 'degraded' | 'unavailable';
  parts: Record<string, 'ok' | PartErrorCode>;
}

/** How long the check of one part may take, in milliseconds. */
const CHECK_WITHIN_MS = 1_000;
/** How long the check of a part may take when an app starts, in milliseconds. It includes the time to connect. */
const START_CHECK_WITHIN_MS = 5_000;

interface State {
  name: string;
  error: Error | undefined;
  code: PartErrorCode | undefined;
  degradesOnly: boolean;
}

function stateOf({ name, check, degradesOnly = false }: HealthCheck, withinMs: number): Promise<State> {
  return within(withinMs, (async () => check())(), 'it does not answer').then(
    () => ({ name, error: undefined, code: undefined, degradesOnly }),
    (error: Error) => {
      const known = error instanceof PartError;
      return {
        name,
        error,
        code: known ? error.code : 'away',
        degradesOnly: degradesOnly || (known && error.degradesOnly),
      };
    },
  );
}

/** Checks all parts in parallel. Never rejects, and takes at most one second. */
export async function readiness(checks: HealthCheck[]): Promise<Readiness> {
  const states = await Promise.all(checks.map((check) => stateOf(check, CHECK_WITHIN_MS)));
  const parts = Object.fromEntries(states.map(({ name, code = 'ok' as const }) => [name, code]));
  const failing = states.filter(({ code }) => code !== undefined);
  if (failing.length === 0) return { status: 'ok', parts };
  return { status: failing.every(({ degradesOnly }) => degradesOnly) ? 'degraded' : 'unavailable', parts };
}

/** Logs one line for each part that cannot do its work when an app starts. Never rejects. */
export async function warnOfParts(checks: HealthCheck[], logger: Pick<Logger, 'warn'>): Promise<void> {
  const states = await Promise.all(checks.map((check) => stateOf(check, START_CHECK_WITHIN_MS)));
  for (const { name: part, error, code } of states) {
    if (error)
      logger.warn({ part, state: code, error: error.message }, `${part} does not work; the app continues without it`);
  }
}
