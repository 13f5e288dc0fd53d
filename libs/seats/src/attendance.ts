import type { Attendance } from '#contract';
import type { AttendanceEntry, CafeAttendance } from './types.ts';

/** The people whose names and addresses a host's list needs: those in it, and those who registered guests. */
export function peopleOfAttendance(people: AttendanceEntry[]): string[] {
  return [
    ...new Set(people.flatMap(({ attendeeId, delegatedBy }) => [attendeeId, ...(delegatedBy ? [delegatedBy] : [])])),
  ];
}

/** A host's list: the people of a Café with the names that libs/people knows or a host typed, seats by name, then the line in its order. */
export function composeAttendance(
  { seats, people, releasableFrom, releases }: CafeAttendance,
  names: Map<string, { name: string; organisation?: string; email: string }>,
): Attendance {
  const named = people.map(({ registrationId, attendeeId, status, checkedInAt, guest, delegatedBy, typed }) => {
    const { name, organisation } = typed ?? names.get(attendeeId) ?? { name: '', organisation: undefined };
    const registeredBy = delegatedBy && names.get(delegatedBy)?.email;
    return {
      registrationId,
      name,
      ...(organisation && { organisation }),
      status,
      ...(checkedInAt && { checkedInAt }),
      ...(guest && { guest }),
      ...(registeredBy && { registeredBy }),
    };
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
