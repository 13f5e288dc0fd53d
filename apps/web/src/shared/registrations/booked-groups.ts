import type { DelegationAnswer } from '#contract';
import { serverNow } from '../network.ts';

/** A person of a group, as typed. */
export interface Person {
  name: string;
  email: string;
}

/** One booking of a group: its people as typed, and the outcome of each. */
export interface Group {
  cafeId: string;
  /** The attendee who booked it. It is shown to nobody else. */
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

/** Whether anybody got a seat or a place in the waitlist. */
export function isBooked({ given }: Pick<Group, 'given'>): boolean {
  return given.some(({ outcome }) => outcome === 'created');
}

/** The groups that a person booked on this device, the latest first. They are kept until the Café is over or the person signs out (`forgetMine`). */
export function groupsOf(attendeeId: string): Group[] {
  const kept = read();
  const theirs = kept.filter(({ by, endsAt }) => by === attendeeId && Date.parse(endsAt) > serverNow());
  // Groups whose Café is over, and those of other people, are removed.
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
    // A private window may refuse to store: then the group is shown only on its page.
  }
}
