import { oneLine } from '#platform';

/** Letters that are written from right to left, and control characters that change the direction of the text after them. */
const CHANGES_DIRECTION =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}\u200f\u202a-\u202e\u2066-\u2069]/u;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/**
 * Returns the text on one line. A text that is written from right to left, or that changes the direction of the text after it, is put into
 * an isolate (Unicode UAX #9), so that the sentence around it keeps its order.
 */
export function isolateDirection(text: string): string {
  const line = oneLine(text);
  return CHANGES_DIRECTION.test(line) ? isolate(line) : line;
}

/** Wraps the text in an isolate that it cannot end early: removes surplus ends of isolates, and ends the isolates that it leaves open. */
function isolate(line: string): string {
  let open = 0;
  let balanced = '';
  for (const character of line) {
    if (character === POP_ISOLATE && open === 0) continue;
    if (character === POP_ISOLATE) open -= 1;
    else if (/[\u2066-\u2068]/.test(character)) open += 1;
    balanced += character;
  }
  return `${FIRST_STRONG_ISOLATE}${balanced}${POP_ISOLATE.repeat(open + 1)}`;
}
