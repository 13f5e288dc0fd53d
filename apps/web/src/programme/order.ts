import type { Cafe } from '#contract';

/** The Cafés that have the same start and end. */
export interface Round {
  when: 'now' | 'next' | 'later';
  startsAt: string;
  endsAt: string;
  cafes: Cafe[];
}

/**
 * Groups Cafés by time: those that run now, the next ones, then the others. `over`: the Cafés that have ended.
 * @param now in milliseconds since 1970
 */
export function byTime(cafes: Cafe[], now: number): { rounds: Round[]; over: Cafe[] } {
  const begun = (cafe: Cafe) => Date.parse(cafe.startsAt) <= now;
  const over = cafes.filter((cafe) => Date.parse(cafe.endsAt) <= now);
  const left = cafes.filter((cafe) => Date.parse(cafe.endsAt) > now);
  const nextStart = left.filter((cafe) => !begun(cafe)).reduce((first, { startsAt }) => earlier(first, startsAt), '');
  const rounds = new Map<string, Round>();
  for (const cafe of left) {
    const { startsAt, endsAt } = cafe;
    const key = `${startsAt} ${endsAt}`;
    const when = begun(cafe) ? 'now' : startsAt === nextStart ? 'next' : 'later';
    const round: Round = rounds.get(key) ?? { when, startsAt, endsAt, cafes: [] };
    round.cafes.push(cafe);
    rounds.set(key, round);
  }
  return { rounds: [...rounds.values()].sort((one, other) => one.startsAt.localeCompare(other.startsAt)), over };
}

function earlier(one: string, other: string): string {
  return one === '' || other < one ? other : one;
}
