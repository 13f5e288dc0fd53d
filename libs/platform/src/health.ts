/** Something that an app stands on. `check` rejects while it is away. */
export interface HealthCheck {
  name: string;
  check(): Promise<unknown>;
  /** The app serves without it, less well. */
  degradesOnly?: boolean;
}

/**
 * What `/health/ready` answers, with the parts that are away named: 503 when `status` is `unavailable`, 200 when it is `ok`
 * or `degraded` (it serves, less well).
 */
export interface Readiness {
  status: 'ok' | 'degraded' | 'unavailable';
  parts: Record<string, 'ok' | 'away'>;
}

/** How long one part may take to answer, in milliseconds. */
const CHECK_WITHIN_MS = 1_000;

/** Ask every part at once. Never rejects and never takes longer than a second. */
export async function readiness(checks: HealthCheck[]): Promise<Readiness> {
  const states = await Promise.all(
    checks.map(async ({ name, check }) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('late')), CHECK_WITHIN_MS);
      });
      try {
        await Promise.race([check(), late]);
        return [name, 'ok'] as const;
      } catch {
        return [name, 'away'] as const;
      } finally {
        clearTimeout(timer);
      }
    }),
  );
  const parts = Object.fromEntries(states);
  const away = checks.filter(({ name }) => parts[name] === 'away');
  if (away.length === 0) return { status: 'ok', parts };
  return { status: away.every(({ degradesOnly }) => degradesOnly) ? 'degraded' : 'unavailable', parts };
}
