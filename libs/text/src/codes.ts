/** Spaces, hyphens and invisible characters between the digits of a code in a mail, on paper, or in copied text. */
const BETWEEN = /[\s\p{Pd}\p{Default_Ignorable_Code_Point}\u2212]/gu;
const DIGIT = /\p{Nd}/u;

/**
 * Returns a typed code in the form in which it is sent: ASCII digits, without spaces, line breaks and hyphens. Other characters are kept, so
 * that an invalid code stays invalid.
 */
export function readCode(typed: string): string {
  return typed
    .replace(BETWEEN, '')
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, asciiDigit);
}

/** Returns the text of a ticket without the spaces, line breaks and invisible characters that a paste or a scanner adds. */
export function readTicketText(typed: string): string {
  return typed.replace(/[\s\p{Default_Ignorable_Code_Point}]/gu, '');
}

/** Returns the ASCII digit of a digit of any script. The digits of a script are ten consecutive code points, from zero. */
export function asciiDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let zero = point;
  while (point - zero < 10 && DIGIT.test(String.fromCodePoint(zero - 1))) zero--;
  return String((point - zero) % 10);
}
