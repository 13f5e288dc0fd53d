import type { DelegationAnswer } from '#contract';
import { serverNow } from '../network.ts';

/** A person of a group, with the typed name and address. */
export interface Person {
  name: string;
  email: string;
}

/** One booking of a group: the typed people, and the outcome of each. */
export interface Group {
  cafeId: string;
  /** The id of the attendee who booked it. It is shown only to this attendee. */
  by: string;
  at: string;
  endsAt: string;
  people: Person[];
  given: DelegationAnswer['people'];
}

const KEY = 'comptoir-groups';

function read(): Group[] {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? '[]') as Group[]) ?? [];
  } catch {
    return [];
  }
}

/** Whether at least one person got a seat or a place in the waitlist. */
export function isBooked({ given }: Pick<Group, 'given'>): boolean {
  return given.some(({ outcome }) => outcome === 'created');
}

/** Returns the groups that an attendee booked on this device, the latest first. They are stored until the Café ends or the person signs out. */
export function groupsOf(attendeeId: string): Group[] {
  const kept = read();
  const theirs = kept.filter(({ by, endsAt }) => by === attendeeId && Date.parse(endsAt) > serverNow());
  // Removes groups of other people, and groups whose Café has ended.
  if (theirs.length < kept.length) write(theirs);
  return theirs;
}

export function storeGroup(group: Group): void {
  write([group, ...groupsOf(group.by)]);
}

function write(groups: Group[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(groups));
  } catch {
    // A private window may refuse to store: then only the page of the group shows it.
  }
}
