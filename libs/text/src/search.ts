import { asciiDigit } from './codes.ts';

/** Letters that people type as other letters, and that Unicode does not decompose into these; in lower case. */
const PLAIN: Record<string, string> = {
  ...{
    ł: 'l',
    ø: 'o',
    đ: 'd',
    ð: 'd',
    þ: 'th',
    æ: 'ae',
    œ: 'oe',
    ß: 'ss',
    ı: 'i',
    ħ: 'h',
    ŧ: 't',
    ŋ: 'n',
    ĸ: 'k',
    ə: 'e',
    ς: 'σ',
  },
  ...{ ٱ: 'ا', ى: 'ي', ی: 'ي', ک: 'ك', ة: 'ه', ہ: 'ه', ھ: 'ه' },
};
const PLAIN_LETTERS = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');
/** Accents, the marks of Hebrew and Arabic, lengthening strokes, and apostrophes: a search ignores them. */
const LEFT_OUT =
  /[\p{Script=Inherited}\p{Default_Ignorable_Code_Point}\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u06d6-\u06ed'’‘`´ʼʻʹʾʿ′׳ـ]/gu;

/**
 * Returns a text in the form in which it is searched: lower case, without accents, marks and apostrophes, with a space for each run of other
 * signs. `Łukasz` becomes `lukasz`, `Straße` `strasse`, `O’Neil` `oneil`, `أحمد` `احمد`.
 */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .toLowerCase()
    .replace(LEFT_OUT, '')
    .replace(PLAIN_LETTERS, (letter) => PLAIN[letter] ?? letter)
    .replace(/\p{Nd}/gu, asciiDigit)
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
}

/**
 * Returns a function that says whether a folded text contains every word of a search, in any order. A word of the search also matches two words
 * of the text (`lefevre` finds “Le Fèvre”), and two letters match an umlaut (`mueller` finds “Müller”).
 */
export function matcher(search: string): (folded: string) => boolean {
  const words = fold(search).split(' ').filter(Boolean);
  return (folded) => words.every((word) => hasWord(folded, word));
}

function hasWord(folded: string, word: string): boolean {
  if (folded.includes(word)) return true;
  const joined = folded.replaceAll(' ', '');
  return joined.includes(word) || withoutDigraphs(joined).includes(withoutDigraphs(word));
}

function withoutDigraphs(text: string): string {
  return text.replace(/([aou])e/g, '$1');
}
