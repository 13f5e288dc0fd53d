import type { Attendance } from '#contract';
import type { AttendanceEntry, CafeAttendance, TypedName } from './types.ts';

/** The attendees whose names and addresses the list of a host needs: the people of the Café, and those who registered guests. */
export function peopleOfAttendance(people: AttendanceEntry[]): string[] {
  return [
    ...new Set(people.flatMap(({ attendeeId, delegatedBy }) => [attendeeId, ...(delegatedBy ? [delegatedBy] : [])])),
  ];
}

/** The name of a guest registration without a typed name, for hosts and organisers. The person's own name is not shown. */
export const NAMELESS_GUEST: TypedName = { name: 'Guest' };

/**
 * Composes the list of a host: first the people with a seat, sorted by name, then the waitlist in its order. When the person made or confirmed the
 * registration, the list shows the name that libs/identity has; otherwise it shows the typed name.
 */
export function composeAttendance(
  { seats, people, releasableFrom, releases }: CafeAttendance,
  names: Map<string, { name: string; organisation?: string; email?: string }>,
): Attendance {
  const named = people.map(({ registrationId, attendeeId, status, checkedInAt, guest, delegatedBy, typed }) => {
    const { name, organisation } = typed ??
      (guest ? NAMELESS_GUEST : names.get(attendeeId)) ?? { name: '', organisation: undefined };
    const registeredBy = delegatedBy && names.get(delegatedBy)?.email;
    const person = names.get(attendeeId);
    return {
      registrationId,
      name,
      ...(organisation && { organisation }),
      status,
      ...(checkedInAt && { checkedInAt }),
      ...(guest && { guest }),
      ...(person && person.email === undefined && { noAddress: true }),
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
