/**
 * Text that people type: names, addresses, codes, searches. Runs in a browser, and imports no other lib (ADR 31).
 *
 * Terminology: `clean…` never fails, and returns the normal form of a text. `read…` returns the normal form, or the code of an error that a
 * person can correct.
 */

export * from './addresses.ts';
export * from './codes.ts';
export { asciiAddress, isSameAddress, needsSmtpUtf8 } from './domains.ts';
export {
  cleanLine,
  type NameErrorCode,
  ORGANISATION_MAX,
  PERSON_NAME_MAX,
  type ReadResult,
  readName,
} from './names.ts';
export * from './people.ts';
export { fold, matcher } from './search.ts';
export { readLine, readParagraphs, type TextErrorCode } from './texts.ts';
