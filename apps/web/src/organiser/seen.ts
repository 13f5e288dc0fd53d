import type { CurrentCafe, DashboardCafe, Problem } from '#contract';

/** The values of a Café that organisers can change, as the page showed them, with the version of these values. */
export type Seen = CurrentCafe & { version: number };

/** How often a change is sent when another organiser changes other values meanwhile. */
const TRIES_MAX = 3;

/** Returns the values of a Café that the page shows now. */
export function seenOf(cafe: DashboardCafe): Seen {
  const { version, state, waitlistOpen, roomId, startsAt, endsAt, targetCapacity, seats } = cafe;
  return { version, state, waitlistOpen, roomId, startsAt, endsAt, targetCapacity, capacity: seats.capacity };
}

/** Returns the current values from the problem `version-changed`; undefined for any other error. */
export function conflictOf(error: unknown): Seen | undefined {
  const { problem } = (error ?? {}) as { problem?: Partial<Problem> };
  if (problem?.code !== 'version-changed' || problem.version === undefined) return undefined;
  return { version: problem.version, ...problem.current };
}

/**
 * Sends a change of the seen values. If another organiser changed other values meanwhile, sends it again with the current version: the problem
 * contains the current values of the fields that the change is about.
 * @throws what `send` throws; `version-changed` if one of these values differs from the seen one
 */
export async function changeSeen<Answer>(seen: Seen, send: (version: number) => Promise<Answer>): Promise<Answer> {
  let { version } = seen;
  for (let tries = 1; ; tries++) {
    try {
      return await send(version);
    } catch (error) {
      const current = conflictOf(error);
      if (!current || tries === TRIES_MAX || isDifferent(seen, current)) throw error;
      version = current.version;
    }
  }
}

/** Whether a current value differs from the seen one. For a Café with a target capacity, the target is compared instead of the capacity. */
function isDifferent(seen: Seen, { version: _, capacity, targetCapacity, ...current }: Seen): boolean {
  const isSameCapacity =
    capacity === undefined || (targetCapacity ?? capacity) === (seen.targetCapacity ?? seen.capacity);
  return !isSameCapacity || Object.entries(current).some(([name, value]) => seen[name as keyof Seen] !== value);
}
