/** A line of a text, without the white space around it. `number` counts from 1. */
export interface Line {
  number: number;
  text: string;
}

/** The lines of a text, with the numbers that an editor shows. Letters are composed (NFC), ligatures are letters, invisible characters are gone, white space is single spaces. */
export function linesOf(document: string): Line[] {
  return readable(document)
    .split(/\r\n|[\n\r]/)
    .flatMap((raw, index) =>
      // An editor counts no line at the break of a page.
      raw.split(/[\f\v\u2028\u2029]/).map((part) => ({ number: index + 1, text: part.replace(/\s+/gu, ' ').trim() })),
    );
}

/** Files of the same text differ by what made them: letters may be decomposed (macOS), ligatures be characters of their own (PDF). */
function readable(document: string): string {
  return document
    .normalize('NFC')
    .replace(/[\ufb00-\ufb06]/g, (ligature) => ligature.normalize('NFKC'))
    .replace(/[\u00ad\u200b\u2060\ufeff]/g, '');
}

/** A code from a text: lower case, without accents, words joined by hyphens. */
export function slug(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/gu, '');
}

/** A text without accents, in lower case, for comparisons. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase();
}
