import type { CurrentCafe, DashboardCafe, Problem } from '#contract';

/** What organisers set of a Café, as the page showed it, with the version that has these values. */
export type Seen = CurrentCafe & { version: number };

/** How often a change is sent again because somebody changed something else meanwhile. */
const TRIES_MAX = 3;

/** What the page shows of a Café now. */
export function seenOf(cafe: DashboardCafe): Seen {
  const { version, state, waitlistOpen, roomId, startsAt, endsAt, targetCapacity, seats } = cafe;
  return { version, state, waitlistOpen, roomId, startsAt, endsAt, targetCapacity, capacity: seats.capacity };
}

/** The current values that a change was refused for (problem `version-changed`); undefined for any other error. */
export function conflictOf(error: unknown): Seen | undefined {
  const { problem } = (error ?? {}) as { problem?: Partial<Problem> };
  if (problem?.code !== 'version-changed' || problem.version === undefined) return undefined;
  return { version: problem.version, ...problem.current };
}

/**
 * Sends a change for the values that were seen. Sends it again where somebody changed something else meanwhile: the API names the current
 * values of what the change is about.
 * @throws what `send` throws; `version-changed` where one of these values is another than was seen
 */
export async function changeSeen<Answer>(seen: Seen, send: (version: number) => Promise<Answer>): Promise<Answer> {
  let { version } = seen;
  for (let tries = 1; ; tries++) {
    try {
      return await send(version);
    } catch (error) {
      const current = conflictOf(error);
      if (!current || tries === TRIES_MAX || isOther(seen, current)) throw error;
      version = current.version;
    }
  }
}

/** Whether one of the current values is another than the one that was seen. A capacity that approaches its target is the target. */
function isOther(seen: Seen, { version: _, capacity, targetCapacity, ...current }: Seen): boolean {
  const isCapacity = capacity === undefined || (targetCapacity ?? capacity) === (seen.targetCapacity ?? seen.capacity);
  return !isCapacity || Object.entries(current).some(([name, value]) => seen[name as keyof Seen] !== value);
}
