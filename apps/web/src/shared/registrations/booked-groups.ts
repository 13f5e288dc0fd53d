import type { DelegationAnswer } from '#contract';
import { serverNow } from '../network.ts';

/** A person of a group, as typed. */
export interface Person {
  name: string;
  email: string;
}

/** What one booking of a group did: whom, as they were typed, and what became of each then. */
export interface Group {
  cafeId: string;
  /** The attendee who booked it: nobody else is shown it. */
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

/** Whether anybody got a seat or a place in line. */
export function isBooked({ given }: Pick<Group, 'given'>): boolean {
  return given.some(({ outcome }) => outcome === 'created');
}

/** What somebody booked for others on this device, the latest first; until the Café is over or they sign out (`forgetMine`). */
export function groupsOf(attendeeId: string): Group[] {
  const kept = read();
  const theirs = kept.filter(({ by, endsAt }) => by === attendeeId && Date.parse(endsAt) > serverNow());
  // What is over, and what somebody else booked, stays no longer than until somebody looks.
  if (theirs.length < kept.length) write(theirs);
  return theirs;
}

export function keepGroup(group: Group): void {
  write([group, ...groupsOf(group.by)]);
}

function write(groups: Group[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(groups));
  } catch {
    // A private window may refuse; the group then shows as long as its page.
  }
}
