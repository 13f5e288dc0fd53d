import type { EventSummary } from '#contract';

/**
 * Events as they are looked for: those that run or come, the earliest first; then those that are over, the latest first.
 * @param now in milliseconds since 1970
 */
export function comingFirst<Event extends Pick<EventSummary, 'startsAt' | 'endsAt'>>(
  events: Event[],
  now: number,
): Event[] {
  const isOver = ({ endsAt }: Event) => Date.parse(endsAt) <= now;
  const sorted = events.toSorted((one, other) => one.startsAt.localeCompare(other.startsAt));
  return [...sorted.filter((event) => !isOver(event)), ...sorted.filter(isOver).reverse()];
}
