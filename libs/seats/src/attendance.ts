import type { Attendance, CafeSeats } from '#contract';
import type { AttendanceEntry } from './types.ts';

/** A host's list: the people of a Café with the names that libs/people knows or a host typed, seats by name, then the line in its order. */
export function composeAttendance(
  { seats, people }: { seats: CafeSeats; people: AttendanceEntry[] },
  names: Map<string, { name: string; organisation?: string }>,
): Attendance {
  const named = people.map(({ registrationId, attendeeId, status, checkedInAt, typed }) => {
    const { name, organisation } = typed ?? names.get(attendeeId) ?? { name: '' };
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
    people: [...seated.sort((one, other) => inOrder.compare(one.name, other.name)), ...waiting],
  };
}
