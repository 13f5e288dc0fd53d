import { asciiDigit } from './codes.ts';

/** Letters that are typed as others and do not decompose into them, in lower case. */
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
/** Accents, the marks of Hebrew and Arabic, lengthening strokes, and apostrophes: a search has them or not. */
const LEFT_OUT =
  /[\p{Script=Inherited}\p{Default_Ignorable_Code_Point}\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u06d6-\u06ed'’‘`´ʼʻʹʾʿ′׳ـ]/gu;

/**
 * A text as it is searched: without accents, marks and apostrophes, in lower case, every other sign a space; `Łukasz` is `lukasz`, `Straße`
 * `strasse`, `O’Neil` `oneil`, `أحمد` `احمد`.
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
 * A function that says whether a folded text has every word of a search, in any order, also where the text writes one as two (`lefevre` finds
 * “Le Fèvre”) or an umlaut is typed as two letters (`mueller` finds “Müller”).
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
