import { within } from './within.ts';

/** A part that an app depends on. */
export interface HealthCheck {
  name: string;
  /** Rejects while the part is unavailable. */
  check(): Promise<unknown>;
  /** Whether the app serves without the part, with less. */
  degradesOnly?: boolean;
}

/**
 * The answer of `/health/ready`. Its HTTP status is 503 when `status` is `unavailable`. It is 200 when `status` is `ok`, or `degraded`: the
 * app serves without the parts that are unavailable.
 */
export interface Readiness {
  status: 'ok' | 'degraded' | 'unavailable';
  parts: Record<string, 'ok' | 'away'>;
}

/** How long one part may take to answer, in milliseconds. */
const CHECK_WITHIN_MS = 1_000;

/** Checks all parts at once. Never rejects, and takes at most one second. */
export async function readiness(checks: HealthCheck[]): Promise<Readiness> {
  const states = await Promise.all(
    checks.map(({ name, check }) =>
      within(CHECK_WITHIN_MS, (async () => check())(), 'late').then(
        () => [name, 'ok'] as const,
        () => [name, 'away'] as const,
      ),
    ),
  );
  const parts = Object.fromEntries(states);
  const away = checks.filter(({ name }) => parts[name] === 'away');
  if (away.length === 0) return { status: 'ok', parts };
  return { status: away.every(({ degradesOnly }) => degradesOnly) ? 'degraded' : 'unavailable', parts };
}
