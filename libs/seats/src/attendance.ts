import type { Attendance } from '#contract';
import type { CafeAttendance } from './types.ts';

/** A host's list: the people of a Café with the names that libs/people knows, seats by name, then the line in its order. */
export function composeAttendance(
  { seats, people, releasableFrom, releases }: CafeAttendance,
  names: Map<string, { name: string; organisation?: string }>,
): Attendance {
  const named = people.map(({ registrationId, attendeeId, status, checkedInAt }) => {
    const { name, organisation } = names.get(attendeeId) ?? { name: '' };
    return { registrationId, name, ...(organisation && { organisation }), status, ...(checkedInAt && { checkedInAt }) };
  });
  const inOrder = new Intl.Collator('fr', { sensitivity: 'base' });
  const seated = named.filter(({ status }) => status !== 'waitlisted');
  const waiting = named.filter(({ status }) => status === 'waitlisted');
  const { cafeId, version, capacity, taken, present, waitlisted } = seats;
  return {
    cafeId,
    version,
    capacity,
    expected: taken,
    present,
    waitlisted,
    releasableFrom,
    releases,
    people: [...seated.sort((one, other) => inOrder.compare(one.name, other.name)), ...waiting],
  };
}
