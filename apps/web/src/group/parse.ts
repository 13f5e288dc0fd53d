import type { Person } from '../shared/registrations/booked-groups.ts';

/** What is wrong with a line of a list of people. */
export type LineFault = 'no-address' | 'no-name' | 'two-addresses' | 'bad-address' | 'twice' | 'too-long' | 'too-many';

export interface Parsed {
  people: (Person & { line: number })[];
  /** By line, from 1, as an editor counts. */
  faults: { line: number; fault: LineFault }[];
}

/** The most people of one delegation (`DELEGATION_MAX` of the contract, whose schemas pages do not load). */
export const GROUP_MAX = 20;
/** The longest name that the API takes. */
const NAME_MAX = 120;
const ADDRESS = /[^\s<>,;:|"'()[\]]+@[^\s<>,;:|"'()[\]]*/g;
const WHOLE_ADDRESS = /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/;

/**
 * Reads people from a list that was typed, or pasted from a message or a table: one person a line, a name and an address in any order, with any
 * separators.
 * @param most the most people of a group
 */
export function parsePeople(text: string, most: number): Parsed {
  const people: Parsed['people'] = [];
  const faults: Parsed['faults'] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === '') continue;
    const person = personOf(line);
    const fault =
      typeof person === 'string'
        ? person
        : people.some(({ email }) => email === person.email)
          ? 'twice'
          : people.length === most
            ? 'too-many'
            : undefined;
    if (fault) faults.push({ line: index + 1, fault });
    else people.push({ ...(person as Person), line: index + 1 });
  }
  return { people, faults };
}

function personOf(line: string): Person | LineFault {
  const addresses = [
    ...new Set((line.replaceAll(/mailto:/gi, ' ').match(ADDRESS) ?? []).map((found) => found.toLowerCase())),
  ];
  const [email] = addresses;
  if (email === undefined) return 'no-address';
  if (addresses.length > 1) return 'two-addresses';
  if (!WHOLE_ADDRESS.test(email)) return 'bad-address';
  const name = line
    .replaceAll(/mailto:/gi, ' ')
    .replace(ADDRESS, ' ')
    .replaceAll(/[<>,;:|"()[\]\t]/g, ' ')
    .replaceAll(/(^|\s)[-–—•*](?=\s|$)/g, ' ')
    .replace(/^\s*\d+[.)]\s/, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (name === '') return 'no-name';
  return name.length > NAME_MAX ? 'too-long' : { name, email };
}
