import { type Shown, TypedText } from './typed-text.ts';

/** Letters that are written from right to left, and the marks that change the direction of what follows. */
const TURNS =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}\u200f\u202a-\u202e\u2066-\u2069]/u;
const ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** One line, whatever was typed. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/**
 * A text as somebody typed it, in one line. One that runs from right to left, or turns what follows, is isolated (Unicode
 * UAX #9), so that the sentence round it keeps its order.
 */
export function typed(text: string): string {
  const line = oneLine(text);
  return TURNS.test(line) ? isolated(line) : line;
}

/** An isolate that nothing in the text can leave: what it closes too often is left out, what it leaves open is closed. */
function isolated(line: string): string {
  let open = 0;
  let balanced = '';
  for (const character of line) {
    if (character === POP_ISOLATE && open === 0) continue;
    if (character === POP_ISOLATE) open -= 1;
    else if (/[\u2066-\u2068]/.test(character)) open += 1;
    balanced += character;
  }
  return `${ISOLATE}${balanced}${POP_ISOLATE.repeat(open + 1)}`;
}

/**
 * The facts of a message as its words see them: every string in one line, and what visitors typed only where the reader's address is
 * proved.
 */
export function shown<Facts>(facts: Facts, reader: { proved: boolean }): Shown<Facts> {
  if (facts instanceof TypedText) {
    const text = facts.shownTo(reader);
    return (text === undefined ? undefined : typed(text)) as Shown<Facts>;
  }
  if (typeof facts === 'string') return typed(facts) as Shown<Facts>;
  if (Array.isArray(facts)) return facts.map((each) => shown(each, reader)) as Shown<Facts>;
  if (typeof facts !== 'object' || facts === null) return facts as Shown<Facts>;
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, shown(value, reader)])) as Shown<Facts>;
}
