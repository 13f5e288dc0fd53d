import type { Difference, LoadOptions } from './difference.ts';
import type { People, StoredProgramme } from './stored-programme.ts';

/** States of a Café that end its waitlist, or its seats too. */
const ENDS_WAITING = new Set<unknown>(['draft', 'closed', 'cancelled']);
const ENDS_SEATS = new Set<unknown>(['draft', 'cancelled']);

/** Refuses changes that would affect the seats of attendees, with the numbers of seats. Other differences are returned unchanged. */
export function refuseSeats(differences: Difference[], stored: StoredProgramme, options: LoadOptions): Difference[] {
  const codeBefore = new Map(
    differences.flatMap(({ about, change, from, code }) =>
      about === 'cafe' && change === 'renamed' ? [[code, from as string]] : [],
    ),
  );
  return differences.map((difference) => {
    if (difference.about !== 'cafe' || difference.outcome !== 'done') return difference;
    const cafe = stored.cafes.get(codeBefore.get(difference.code) ?? difference.code);
    const reason = cafe && reasonOf(difference, cafe, options);
    return reason === undefined ? difference : { ...difference, outcome: 'refused', reason };
  });
}

function reasonOf(
  { change, field, from, to }: Difference,
  { id, taken, waitlisted }: People & { id: string },
  { move }: LoadOptions,
): string | undefined {
  const people = `${plural(taken, 'seat is', 'seats are')} taken, ${plural(waitlisted, 'person waits', 'people wait')}`;
  const page = `/organiser/cafes/${id}`;
  const isInUse = taken + waitlisted > 0;
  if (change === 'removed') return isInUse ? `${people}: cancel it first on the page ${page}` : undefined;
  if (change !== 'changed') return undefined;
  if (field === 'capacity' && taken > (to as number)) {
    return `${plural(taken, 'seat is', 'seats are')} taken: give at least ${taken} seats in the file, or lower the capacity step by step on the page ${page}`;
  }
  if ((field === 'room' || field === 'time') && isInUse && !move) {
    return `${people}: --move moves it and tells them, or move it on the page ${page}`;
  }
  if (field === 'state' && from === 'cancelled')
    return 'a cancelled Café stays cancelled: give it as cancelled in the file, or add a new one';
  if (field === 'state' && ((ENDS_SEATS.has(to) && isInUse) || (ENDS_WAITING.has(to) && waitlisted > 0))) {
    return `${people}: change its state on the page ${page}, which tells them`;
  }
  if (field === 'waitlistOpen' && to === false && waitlisted > 0) {
    return `${plural(waitlisted, 'person waits', 'people wait')}: close the waitlist on the page ${page}, which tells them`;
  }
  return undefined;
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
