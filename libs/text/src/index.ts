/**
 * Text that people type: names, addresses, codes, searches. Runs in a browser, imports nothing of ours (ADR 31).
 *
 * Terminology: `clean…` never fails and gives the same text for the same meaning; `read…` gives the text in its one form, or the fault that
 * a person can correct.
 */

export * from './addresses.ts';
export * from './codes.ts';
export { asciiAddress, isSameAddress, needsSmtpUtf8 } from './domains.ts';
export { cleanLine, type NameFault, ORGANISATION_MAX, PERSON_NAME_MAX, type Read, readName } from './names.ts';
export * from './people.ts';
export { fold, matcher } from './search.ts';
export { readLine, readParagraphs, type TextError } from './texts.ts';
