/** Something that an app cannot work without. `check` rejects while it is away. */
export interface HealthCheck {
  name: string;
  check(): Promise<unknown>;
}

/** What `/health/ready` answers: 200 when `status` is `ok`, else 503 with the failing parts named. */
export interface Readiness {
  status: 'ok' | 'unavailable';
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
  return {
    status: states.every(([, state]) => state === 'ok') ? 'ok' : 'unavailable',
    parts: Object.fromEntries(states),
  };
}
