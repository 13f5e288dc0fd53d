import type { Attendance } from '#contract';
import type { AttendanceEntry, CafeAttendance, TypedName } from './types.ts';

/** The people whose names and addresses a host's list needs: those in it, and those who registered guests. */
export function peopleOfAttendance(people: AttendanceEntry[]): string[] {
  return [
    ...new Set(people.flatMap(({ attendeeId, delegatedBy }) => [attendeeId, ...(delegatedBy ? [delegatedBy] : [])])),
  ];
}

/** What hosts and organisers see of a guest registration with which nobody typed a name: not the one that its person goes by. */
export const NAMELESS_GUEST: TypedName = { name: 'Guest' };

/**
 * A host's list: the people of a Café, seats by name, then the line in its order. Names are those that libs/identity knows where the person
 * made the registration or confirmed it, else those that were typed with it.
 */
export function composeAttendance(
  { seats, people, releasableFrom, releases }: CafeAttendance,
  names: Map<string, { name: string; organisation?: string; email: string }>,
): Attendance {
  const named = people.map(({ registrationId, attendeeId, status, checkedInAt, guest, delegatedBy, typed }) => {
    const { name, organisation } = typed ??
      (guest ? NAMELESS_GUEST : names.get(attendeeId)) ?? { name: '', organisation: undefined };
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
