/** What stands between the digits of a code in a mail, on paper, or in what is copied from them. */
const BETWEEN = /[\s\p{Pd}\p{Default_Ignorable_Code_Point}\u2212]/gu;
const DIGIT = /\p{Nd}/u;

/**
 * A code as it is sent: digits of every script as ASCII digits, without the spaces, line breaks and hyphens between them. Other characters
 * stay: what is no code stays none.
 */
export function readCode(typed: string): string {
  return typed
    .replace(BETWEEN, '')
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, asciiDigit);
}

/** The text of a ticket as it was printed: without the spaces, line breaks and invisible characters that a paste or a scanner adds. */
export function readTicketText(typed: string): string {
  return typed.replace(/[\s\p{Default_Ignorable_Code_Point}]/gu, '');
}

/** The digits of a script are ten code points in a row, from zero. */
export function asciiDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let zero = point;
  while (point - zero < 10 && DIGIT.test(String.fromCodePoint(zero - 1))) zero--;
  return String((point - zero) % 10);
}
