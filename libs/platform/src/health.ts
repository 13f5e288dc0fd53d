import type { Logger } from 'pino';
import { within } from './within.ts';

/**
 * What is wrong with a part. `away`: it does not answer. The others answer and cannot do their work: `empty` (a database without our tables), `old`
 * (a server or a database that is older than the build needs), `cluster`, `evicts`, `read-only`, `full` (Redis), `refuses` (it lets us not in,
 * or does not take what we send), `off` (switched off by the operator, or until the operator confirms), `pooler` (a connection pooler stands where the server
 * itself is needed).
 */
export type PartFault =
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

/** A part cannot do its work. The message is for the log of the operator; the answer of `/health/ready` has the fault alone. */
export class PartError extends Error {
  readonly fault: PartFault;
  /** Whether the app serves all the same, whatever its check says. */
  readonly degradesOnly: boolean;

  constructor(fault: PartFault, message: string, { degradesOnly = false } = {}) {
    super(message);
    this.name = 'PartError';
    this.fault = fault;
    this.degradesOnly = degradesOnly;
  }
}

/** A part that an app depends on. */
export interface HealthCheck {
  name: string;
  /** Rejects while the part is away, or with a `PartError` while it cannot do its work. */
  check(): Promise<unknown>;
  /** Whether the app serves without the part, with less. */
  degradesOnly?: boolean;
}

/**
 * The answer of `/health/ready`. Its HTTP status is 503 when `status` is `unavailable`; 200 when it is `ok`, or `degraded` because only
 * parts do not work that the app serves without.
 */
export interface Readiness {
  status: 'ok' | 'degraded' | 'unavailable';
  parts: Record<string, 'ok' | PartFault>;
}

/** How long one part may take to answer, in milliseconds. */
const CHECK_WITHIN_MS = 1_000;
/** How long a part may take to answer when an app starts, in milliseconds: its connections are made then. */
const START_CHECK_WITHIN_MS = 5_000;

interface State {
  name: string;
  error: Error | undefined;
  fault: PartFault | undefined;
  degradesOnly: boolean;
}

function stateOf({ name, check, degradesOnly = false }: HealthCheck, withinMs: number): Promise<State> {
  return within(withinMs, (async () => check())(), 'it does not answer').then(
    () => ({ name, error: undefined, fault: undefined, degradesOnly }),
    (error: Error) => {
      const known = error instanceof PartError;
      return {
        name,
        error,
        fault: known ? error.fault : 'away',
        degradesOnly: degradesOnly || (known && error.degradesOnly),
      };
    },
  );
}

/** Checks all parts at once. Never rejects, and takes at most one second. */
export async function readiness(checks: HealthCheck[]): Promise<Readiness> {
  const states = await Promise.all(checks.map((check) => stateOf(check, CHECK_WITHIN_MS)));
  const parts = Object.fromEntries(states.map(({ name, fault = 'ok' as const }) => [name, fault]));
  const failing = states.filter(({ fault }) => fault !== undefined);
  if (failing.length === 0) return { status: 'ok', parts };
  return { status: failing.every(({ degradesOnly }) => degradesOnly) ? 'degraded' : 'unavailable', parts };
}

/** Logs one line for each part that cannot do its work when an app starts. Never rejects. */
export async function warnOfParts(checks: HealthCheck[], logger: Pick<Logger, 'warn'>): Promise<void> {
  const states = await Promise.all(checks.map((check) => stateOf(check, START_CHECK_WITHIN_MS)));
  for (const { name: part, error, fault } of states) {
    if (error)
      logger.warn({ part, state: fault, error: error.message }, `${part} does not work; the app goes on without it`);
  }
}
