import * as z from 'zod';
import { readAddress } from '#text';

/** A visible character: not white space, not a control, not a character that Unicode calls ignorable, not an empty Braille cell. */
const VISIBLE = /[^\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** Characters that end a line, or that control a terminal or the direction of the text around them. */
const LINE_BREAK = /[\n\r\v\f\u0085\u2028\u2029]/u;
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/u;

/**
 * The schema of a text of one line: a title, a name. The parsed value is in Unicode's composed form (NFC), without white space around it.
 * @param max the maximum length in UTF-16 units
 */
export function line(max: number) {
  return text(max)
    .refine((value) => !LINE_BREAK.test(value), { error: 'must stand on one line', abort: true })
    .refine((value) => !/\p{Cc}/u.test(value), 'must not contain control characters, such as a tab');
}

/** The schema of a text with one or more paragraphs. Line ends become `\n`. */
export function paragraphs(max: number) {
  return text(max)
    .overwrite((value) => value.replace(/\r\n?|[\v\f\u0085\u2028\u2029]/gu, '\n'))
    .refine((value) => !/[^\P{Cc}\n\t]/u.test(value), 'must not contain control characters');
}

/** The schema of an e-mail address, as `readAddress` reads it. */
export function address() {
  return z
    .string()
    .refine((value) => readAddress(value).text !== undefined, 'must be an e-mail address')
    .meta({ format: 'email' });
}

function text(max: number) {
  return z
    .string()
    .overwrite((value) => value.normalize('NFC').trim())
    .max(max)
    .refine(isStorable, { error: 'must be well-formed Unicode without the character U+0000', abort: true })
    .refine((value) => VISIBLE.test(value), { error: 'must have a visible character', abort: true })
    .refine((value) => !DIRECTION.test(value), 'must not contain characters that change the direction of text');
}

/** Returns whether PostgreSQL can store the value in a text or jsonb column. */
function isStorable(value: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(value);
}
