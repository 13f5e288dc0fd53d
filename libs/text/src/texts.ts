/** Why a text of a programme is refused. `broken`: half a character, or U+0000, which the database cannot store. */
export type TextErrorCode =
  | 'empty'
  | 'too-long'
  | 'broken'
  | 'line-break'
  | 'control-character'
  | 'direction-character';

/** A visible character: not white space, a control or ignorable character, or the blank Braille pattern. */
const VISIBLE = /[^\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;
const LINE_BREAK = /[\n\r\v\f\u0085\u2028\u2029]/u;
/** Characters that change the direction of the text around them. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/u;
/** Characters that PostgreSQL cannot store in a text. */
const NOT_STORABLE = /[\0\p{Surrogate}]/u;

/**
 * Reads a text on one line: a title, a name. HTML is not interpreted.
 * @param max the most characters (UTF-16 units)
 * @returns the text in NFC, without white space around it; or the code of its error
 */
export function readLine(
  typed: string,
  max: number,
): { text: string; error?: undefined } | { text?: undefined; error: TextErrorCode } {
  const text = typed.normalize('NFC').trim();
  const error = errorOf(text, max);
  if (error) return { error };
  if (LINE_BREAK.test(text)) return { error: 'line-break' };
  return /\p{Cc}/u.test(text) ? { error: 'control-character' } : { text };
}

/** Reads a text with one or more paragraphs, as `readLine` does. Line ends become `\n`. */
export function readParagraphs(
  typed: string,
  max: number,
): { text: string; error?: undefined } | { text?: undefined; error: TextErrorCode } {
  const trimmed = typed.normalize('NFC').trim();
  const error = errorOf(trimmed, max);
  if (error) return { error };
  const text = trimmed.replace(/\r\n?|[\v\f\u0085\u2028\u2029]/gu, '\n');
  return /[^\P{Cc}\n\t]/u.test(text) ? { error: 'control-character' } : { text };
}

function errorOf(text: string, max: number): TextErrorCode | undefined {
  if (text.length > max) return 'too-long';
  if (NOT_STORABLE.test(text)) return 'broken';
  if (!VISIBLE.test(text)) return 'empty';
  return DIRECTION.test(text) ? 'direction-character' : undefined;
}
