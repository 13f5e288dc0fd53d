/** A line of a text, without the white space around it. `number` counts from 1. */
export interface Line {
  number: number;
  text: string;
}

/**
 * Splits a text into lines, with the line numbers that an editor shows. Letters are composed (NFC), ligatures are replaced by letters,
 * invisible characters are removed, and white space becomes single spaces.
 */
export function linesOf(document: string): Line[] {
  return readable(document)
    .split(/\r\n|[\n\r]/)
    .flatMap((raw, index) =>
      // An editor does not count a page break as a line.
      raw.split(/[\f\v\u2028\u2029]/).map((part) => ({ number: index + 1, text: part.replace(/\s+/gu, ' ').trim() })),
    );
}

/** Files of one text differ by the program that wrote them: letters may be decomposed (macOS), ligatures may be single characters (PDF). */
function readable(document: string): string {
  return document
    .normalize('NFC')
    .replace(/[\ufb00-\ufb06]/g, (ligature) => ligature.normalize('NFKC'))
    .replace(/[\u00ad\u200b\u2060\ufeff]/g, '');
}

/** Makes a code from a text: lower case, without accents, words joined by hyphens. */
export function slug(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/gu, '');
}

/** A text without accents, in lower case, for comparisons. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase();
}
