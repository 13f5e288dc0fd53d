import type { EventSummary } from '#contract';

/**
 * Returns events in the order in which pages list them: current and future events, the earliest first; then past events, the latest first.
 * @param now in milliseconds since 1970
 */
export function sortEvents<Event extends Pick<EventSummary, 'startsAt' | 'endsAt'>>(
  events: Event[],
  now: number,
): Event[] {
  const isOver = ({ endsAt }: Event) => Date.parse(endsAt) <= now;
  const sorted = events.toSorted((one, other) => one.startsAt.localeCompare(other.startsAt));
  return [...sorted.filter((event) => !isOver(event)), ...sorted.filter(isOver).reverse()];
}
