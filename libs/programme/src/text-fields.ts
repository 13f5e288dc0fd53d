import * as z from 'zod';
import { textErrors } from '#contract';
import { readAddress, readLine, readParagraphs } from '#text';

/**
 * The schema of a text of one line: a title, a name. The parsed value is in Unicode's composed form (NFC), without white space around it.
 * @param max the maximum length in UTF-16 units
 */
export function line(max: number) {
  return text(max, readLine);
}

/** The schema of a text with one or more paragraphs. Line ends become `\n`. */
export function paragraphs(max: number) {
  return text(max, readParagraphs);
}

/** The schema of an e-mail address, as `readAddress` reads it. */
export function address() {
  return z
    .string()
    .refine((value) => readAddress(value).text !== undefined, 'must be an e-mail address')
    .meta({ format: 'email' });
}

function text(max: number, read: typeof readLine) {
  return z
    .string()
    .overwrite((value) => value.normalize('NFC').trim())
    .max(max)
    .overwrite((value) => read(value, max).text ?? value)
    .superRefine((value, context) => {
      const { error } = read(value, max);
      // `max` reports that a text is too long.
      if (error && error !== 'too-long') context.addIssue({ code: 'custom', message: textErrors[error] });
    });
}
