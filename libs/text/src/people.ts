import { readAddress } from './addresses.ts';
import { cleanLine, PERSON_NAME_MAX, readName } from './names.ts';

/**
 * Why a line of a list of people is refused. `unclear`: it can be read in more than one way. An address is never guessed, so that no mail goes
 * to a wrong address.
 */
export type PeopleListErrorCode =
  | 'no-address'
  | 'no-name'
  | 'two-addresses'
  | 'bad-address'
  | 'unclear'
  | 'bad-name'
  | 'twice'
  | 'too-long'
  | 'too-many';

/** A person of a list. `line` is the number of the line, from 1; `email` is in the normal form of `readAddress`. */
export interface ListedPerson {
  name: string;
  email: string;
  line: number;
}

export interface ParsedPeople {
  people: ListedPerson[];
  errors: { line: number; error: PeopleListErrorCode }[];
}

/** The position and text of an address in a line. `alone`: it is between brackets, separators or ends of the line. */
interface Place {
  from: number;
  to: number;
  typed: string;
  alone: boolean;
}

/** Characters that cannot be part of an address. All others can. */
const OUTSIDE = '\\s<>()\\[\\],;:"«»“”„•';
const TOKEN = new RegExp(`[^${OUTSIDE}]*[@＠][^${OUTSIDE}]*`, 'gu');
/** Characters that an address can contain, and that people also write between a name and an address. */
const AMBIGUOUS = /[/|=*?!{}~^`%\\]/;
/** The heading of a column of addresses in a table. */
const HEADING =
  /^(?:e-?mail|mail|courriel|adresse (?:e-?mail|mail|électronique)|correo(?: electrónico)?|endereço de e-mail|البريد(?: الإلكتروني)?)$/iu;
const SUFFIX = /^(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|esq)\.?$/i;
/** The most words of each half of “Last, First”. */
const HALF_WORDS_MAX = 3;

/**
 * Reads people from a list that was typed, or pasted from a message or a table: “Name <a@b>”, “a@b (Name)”, “Last, First <a@b>”, columns
 * with tabs, semicolons or commas, several people in a line. A line is an error where it is not certain that the whole address was read.
 * @param most the most people of a list; each further one is an error
 */
export function parsePeople(text: string, most: number): ParsedPeople {
  const parsed: ParsedPeople = { people: [], errors: [] };
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|[\r\n\u0085\u2028\u2029\v\f]/);
  const first = lines.findIndex((line) => line.trim() !== '');
  for (const [index, line] of lines.entries()) {
    const isHeading = index === first && line.split(/[\t;,]/).some((cell) => HEADING.test(tidy(cell)));
    if (line.replace(/[\s,;]/g, '') !== '' && !isHeading) addLine(parsed, line, index + 1, most);
  }
  return parsed;
}

function addLine({ people, errors }: ParsedPeople, text: string, line: number, most: number): void {
  for (const entry of entriesOf(text)) {
    const person = typeof entry === 'string' ? entry : personOf(entry.name, entry.typed);
    const error =
      typeof person === 'string'
        ? person
        : people.some(({ email }) => email === person.email)
          ? 'twice'
          : people.length === most
            ? 'too-many'
            : undefined;
    const isReported = errors.some((each) => each.line === line && each.error === error);
    if (error && !isReported) errors.push({ line, error });
    else if (!error) people.push({ ...(person as { name: string; email: string }), line });
  }
}

function personOf(typedName: string, typed: string): { name: string; email: string } | PeopleListErrorCode {
  const { text: email } = readAddress(typed);
  if (email === undefined) return 'bad-address';
  const { text: name, error } = readName(typedName, PERSON_NAME_MAX);
  if (name === undefined) return error === 'empty' ? 'no-name' : error === 'too-long' ? 'too-long' : 'bad-name';
  return name.toLowerCase() === email ? 'no-name' : { name, email };
}

/** Returns the people of one line, each with the text of the name; or the error of the line. */
function entriesOf(raw: string): ({ name: string; typed: string } | PeopleListErrorCode)[] {
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

/** Returns the addresses of a line. A pair of quotes around an address is not part of it; a single apostrophe makes the address unclear. */
function placesOf(text: string): Place[] {
  return [...text.matchAll(TOKEN)].map((match) => {
    const [token] = match;
    const from = match.index;
    const to = from + token.length;
    // The full stop ends a sentence, and is not part of the address.
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
 * Returns the people of a line with several addresses and separators between them: each name is before its address, or each is after it.
 * Undefined if the line has another form.
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

/** Returns the name in a line with one person: the columns beside the address, or the whole text without the address. */
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
      // The first two columns without digits are the given and the family name; the others are telephone numbers and the like.
      return after
        .filter((each) => each && !/\d/.test(each))
        .slice(0, 2)
        .join(' ');
    }
    if (cell) return nameOf(without(text, places, cell), /<\s*$/.test(text.slice(cell.from, place.from)));
  }
  return nameOf(without(text, places, { from: 0, to: text.length }), /<\s*$/.test(text.slice(0, place.from)));
}

/** Returns a part of a line without its addresses. */
function without(text: string, places: Place[], { from, to }: { from: number; to: number }): string {
  let rest = '';
  let at = from;
  for (const place of places.filter((each) => each.from >= from && each.to <= to)) {
    rest += `${text.slice(at, place.from)} `;
    at = place.to;
  }
  return rest + text.slice(at, to);
}

/** Returns the columns of a line. A separator between quotes is part of its column. */
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

/** Returns a name without the marks around it. @param mail whether the format is “Name <a@b>”: there “Last, First” becomes “First Last” */
function nameOf(text: string, mail: boolean): string {
  const halves = text.split(',').map(tidy).filter(Boolean);
  const [last = '', first = ''] = halves;
  const isShort = halves.every((half) => half.split(' ').length <= HALF_WORDS_MAX);
  if (mail && halves.length === 2 && isShort && !SUFFIX.test(first)) return `${first} ${last}`;
  return tidy(text);
}

/** Returns a text without bullets, list numbers, brackets, separators and quotes. */
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
