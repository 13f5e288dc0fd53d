import { readAddress } from './addresses.ts';
import { cleanLine, PERSON_NAME_MAX, readName } from './names.ts';

/**
 * What is wrong with a line of a list of people. `unclear`: it can be read in more than one way, and no mail is sent to a guessed address.
 */
export type LineFault =
  | 'no-address'
  | 'no-name'
  | 'two-addresses'
  | 'bad-address'
  | 'unclear'
  | 'bad-name'
  | 'twice'
  | 'too-long'
  | 'too-many';

/** A person of a list. `line` counts from 1, as an editor counts; `email` is in the form of `readAddress`. */
export interface ListedPerson {
  name: string;
  email: string;
  line: number;
}

export interface ParsedPeople {
  people: ListedPerson[];
  faults: { line: number; fault: LineFault }[];
}

/** An address in a line: where it begins and ends, and what was typed. `alone`: brackets, separators or the ends of the line surround it. */
interface Place {
  from: number;
  to: number;
  typed: string;
  alone: boolean;
}

/** Characters around an address that are part of none; an address may have every other one. */
const OUTSIDE = '\\s<>()\\[\\],;:"«»“”„•';
const TOKEN = new RegExp(`[^${OUTSIDE}]*[@＠][^${OUTSIDE}]*`, 'gu');
/** Signs that an address may have, and that people write between a name and an address. */
const AMBIGUOUS = /[/|=*?!{}~^`%\\]/;
/** The cell of a table above a column of addresses. */
const HEADING =
  /^(?:e-?mail|mail|courriel|adresse (?:e-?mail|mail|électronique)|correo(?: electrónico)?|endereço de e-mail|البريد(?: الإلكتروني)?)$/iu;
const SUFFIX = /^(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|esq)\.?$/i;
/** The most words of each half of “Last, First”. */
const HALF_WORDS_MAX = 3;

/**
 * Reads people from a list that was typed, or pasted from a message or a table: “Name <a@b>”, “a@b (Name)”, “Last, First <a@b>”, columns
 * with tabs, semicolons or commas, several people in a line. An address is taken whole, or the line is a fault.
 * @param most the most people of a list
 */
export function parsePeople(text: string, most: number): ParsedPeople {
  const parsed: ParsedPeople = { people: [], faults: [] };
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|[\r\n\u0085\u2028\u2029\v\f]/);
  const first = lines.findIndex((line) => line.trim() !== '');
  for (const [index, line] of lines.entries()) {
    const isHeading = index === first && line.split(/[\t;,]/).some((cell) => HEADING.test(tidy(cell)));
    if (line.replace(/[\s,;]/g, '') !== '' && !isHeading) addLine(parsed, line, index + 1, most);
  }
  return parsed;
}

function addLine({ people, faults }: ParsedPeople, text: string, line: number, most: number): void {
  for (const entry of entriesOf(text)) {
    const person = typeof entry === 'string' ? entry : personOf(entry.name, entry.typed);
    const fault =
      typeof person === 'string'
        ? person
        : people.some(({ email }) => email === person.email)
          ? 'twice'
          : people.length === most
            ? 'too-many'
            : undefined;
    const isSaid = faults.some((each) => each.line === line && each.fault === fault);
    if (fault && !isSaid) faults.push({ line, fault });
    else if (!fault) people.push({ ...(person as { name: string; email: string }), line });
  }
}

function personOf(typedName: string, typed: string): { name: string; email: string } | LineFault {
  const { text: email } = readAddress(typed);
  if (email === undefined) return 'bad-address';
  const { text: name, fault } = readName(typedName, PERSON_NAME_MAX);
  if (name === undefined) return fault === 'empty' ? 'no-name' : fault === 'too-long' ? 'too-long' : 'bad-name';
  return name.toLowerCase() === email ? 'no-name' : { name, email };
}

/** The people of one line, each with the text of their name; or the fault of the line. */
function entriesOf(raw: string): ({ name: string; typed: string } | LineFault)[] {
  const text = raw.replace(/mailto:/gi, ' ');
  const places = placesOf(text);
  if (places.length === 0) return ['no-address'];
  if (places.some(({ typed, alone }) => !alone && AMBIGUOUS.test(typed.split(/[@＠]/)[0] ?? ''))) return ['unclear'];
  const addresses = new Set(places.map(({ typed }) => readAddress(typed).text ?? typed));
  if (addresses.size === 1) {
    const [place] = places as [Place];
    return [{ name: nameBeside(text, places), typed: place.typed }];
  }
  return severalOf(text, places) ?? [addresses.size === places.length ? 'two-addresses' : 'unclear'];
}

/** The addresses of a line. A pair of quotes around one is not a part of it; an apostrophe without its pair makes the address unclear. */
function placesOf(text: string): Place[] {
  return [...text.matchAll(TOKEN)].map((match) => {
    const [token] = match;
    const from = match.index;
    const to = from + token.length;
    // The full stop is that of a sentence.
    const quoted = /^['‘’`](.*)['’`][.!?]*$/.exec(token)?.[1];
    const typed = quoted ?? token.replace(/[.!?]+$/, '');
    const isOpen = /^['‘’`]|['’`]$/.test(typed);
    const alone =
      !isOpen &&
      /(?:^|[<([,;\t])$/.test(text.slice(0, from).replace(/ +$/, '')) &&
      /^ *(?:$|[>)\],;\t])/.test(text.slice(to));
    return { from, to, typed: isOpen ? `\`${typed}` : typed, alone };
  });
}

/**
 * Several people in one line, with a separator between them: each name before its address, or each after it. Undefined where that is not
 * sure.
 */
function severalOf(text: string, places: Place[]): { name: string; typed: string }[] | undefined {
  const gaps = [0, ...places.map(({ to }) => to)].map((from, index) => text.slice(from, places[index]?.from));
  const bare = gaps.map((gap) => tidy(gap));
  const between = gaps.slice(1, -1);
  const has = (name = '') => name !== '';
  const namesBefore = bare.slice(0, -1).every(has) && !has(bare.at(-1));
  if (namesBefore && between.every((gap) => /^[>\])'"\s]*[,;|\t]/.test(gap)))
    return places.map(({ typed }, index) => ({
      name: nameOf((gaps[index] ?? '').replace(/^[>\])'"\s]*[,;|\t]/, ''), /<\s*$/.test(gaps[index] ?? '')),
      typed,
    }));
  const namesAfter = bare.slice(1).every(has) && !has(bare[0]);
  if (namesAfter && between.every((gap) => /[,;|\t][<(['"\s]*$/.test(gap)))
    return places.map(({ typed }, index) => ({ name: tidy(gaps[index + 1] ?? ''), typed }));
  return undefined;
}

/** The name of the only person of a line: from the columns of a table, or all that is not an address. */
function nameBeside(text: string, places: Place[]): string {
  const [place] = places as [Place];
  const separator = text.includes('\t') ? '\t' : text.includes(';') ? ';' : undefined;
  if (separator) {
    const cells = cellsOf(text, separator);
    const at = cells.findIndex((cell) => cell.from <= place.from && place.from <= cell.to);
    const cell = cells[at];
    if (cell && tidy(text.slice(cell.from, place.from) + text.slice(place.to, cell.to)) === '') {
      const before = cells.slice(0, at).map((each) => tidy(text.slice(each.from, each.to)));
      const after = cells.slice(at + 1).map((each) => tidy(text.slice(each.from, each.to)));
      if (before.some(Boolean)) return before.filter(Boolean).join(' ');
      // Given and family name; telephone numbers and what follows them are not the name.
      return after
        .filter((each) => each && !/\d/.test(each))
        .slice(0, 2)
        .join(' ');
    }
    if (cell) return nameOf(without(text, places, cell), /<\s*$/.test(text.slice(cell.from, place.from)));
  }
  return nameOf(without(text, places, { from: 0, to: text.length }), /<\s*$/.test(text.slice(0, place.from)));
}

/** A part of a line without its addresses. */
function without(text: string, places: Place[], { from, to }: { from: number; to: number }): string {
  let rest = '';
  let at = from;
  for (const place of places.filter((each) => each.from >= from && each.to <= to)) {
    rest += `${text.slice(at, place.from)} `;
    at = place.to;
  }
  return rest + text.slice(at, to);
}

/** The columns of a line; a separator between quotes is part of its column. */
function cellsOf(text: string, separator: string): { from: number; to: number }[] {
  const cells: { from: number; to: number }[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at <= text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    if (at === text.length || (text[at] === separator && !quoted)) {
      cells.push({ from, to: at });
      from = at + 1;
    }
  }
  return cells;
}

/** A name without what stands around it in a list. @param mail whether it is that of “Name <a@b>”, where “Last, First” is turned round */
function nameOf(text: string, mail: boolean): string {
  const halves = text.split(',').map(tidy).filter(Boolean);
  const [last = '', first = ''] = halves;
  const isShort = halves.every((half) => half.split(' ').length <= HALF_WORDS_MAX);
  if (mail && halves.length === 2 && isShort && !SUFFIX.test(first)) return `${first} ${last}`;
  return tidy(text);
}

/** Without bullets, numbers of a list, brackets, separators and quotes. */
function tidy(text: string): string {
  return cleanLine(
    cleanLine(text)
      .replace(/[<>,;:|"[\]«»“”„•]/g, ' ')
      .replace(/(^|\s)[-–—*](?=\s|$)/g, ' ')
      .replace(/^\s*\d+[.)]\s/, ' ')
      .replace(/\(\s*\)/g, ' ')
      .replace(/^\s*\(([^()]*)\)\s*$/, '$1')
      .replace(/^\s*'(.*)'\s*$/, '$1'),
  );
}
