/** Why a text is not the name of a person or an organisation. `broken`: control characters or half a character. */
export type NameFault = 'empty' | 'too-long' | 'broken' | 'too-many-marks' | 'mixed-alphabets' | 'link';

/** A text in its one form, or why it has none. */
export type Read<Fault> = { text: string; fault?: undefined } | { text?: undefined; fault: Fault };

/** The longest names, in code points. */
export const PERSON_NAME_MAX = 120;
export const ORGANISATION_MAX = 160;

/** Printable ASCII needs no more than its spaces collapsed. */
const PLAIN = /^[ -~]*$/;
/** White space and line breaks of every kind, and the blank Braille pattern. */
const SPACES = /[\s\u0085\u2800]+/gu;
/** Control characters that are no white space, lone surrogates, and code points that are no characters. */
const BROKEN = /(?![\s\u0085])\p{Cc}|\p{Surrogate}|\p{Noncharacter_Code_Point}/u;
const EVERY_BROKEN = new RegExp(BROKEN.source, 'gu');
/** Characters without a shape, direction marks among them. Joiners and variation selectors are looked at one by one. */
const INVISIBLE = /(?![\u200c\u200d]|\p{M})\p{Default_Ignorable_Code_Point}|[\u034f\u17b4\u17b5\ufff9-\ufffb]/gu;
/** The scripts in which a joiner between two letters changes how they are written. */
const JOINED =
  '\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Nkoo}\\p{scx=Mong}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}' +
  '\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Tibt}';
const JOINERS = new RegExp(`([${JOINED}])([\\u200c\\u200d])[\\u200c\\u200d]*(?=[${JOINED}])|[\\u200c\\u200d]`, 'gu');
/** A variation selector chooses between forms of a Han or Mongolian letter. Elsewhere it does nothing. */
const SELECTORS = /(\p{Script=Han}|\p{Script=Mongolian})(\p{VS})|\p{VS}/gu;
/** Marks at the beginning of a word have no letter to stand on. */
const MARKS_WITHOUT_LETTER = /(^| )[\p{M}\u200c\u200d]+/gu;

/** The most accents on one letter, and the most marks of a script that stacks vowels and consonants. Written languages use four and eight. */
export const TOO_MANY_MARKS = /\p{Script=Inherited}{5}|\p{M}{9}/u;
const WORDS = /[\p{L}\p{M}]+/gu;
const LATIN = /\p{Script=Latin}/u;
const CYRILLIC = /\p{Script=Cyrillic}/u;
const GREEK = /\p{Script=Greek}/u;
/** Letters that look like Latin ones. Of the Greek alphabet only these: “ΔTech” deceives nobody. */
const LATIN_LOOK_ALIKES =
  /[\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχγ]/u;
const LINK = /:\/\/|www\.|\w\.\p{L}{2,}\//iu;

/**
 * A text on one line, in its one form: Unicode NFC; each run of white space and line breaks is one space; without characters that nobody sees
 * or that change the direction of the text around them. Joiners stay between letters of scripts that need them.
 */
export function cleanLine(text: string): string {
  if (PLAIN.test(text)) return text.replace(/ +/g, ' ').trim();
  return text
    .replace(EVERY_BROKEN, (character) => (/\p{Surrogate}/u.test(character) ? '\ufffd' : ''))
    .replace(INVISIBLE, '')
    .replace(SPACES, ' ')
    .replace(MARKS_WITHOUT_LETTER, '$1')
    .replace(JOINERS, '$1$2')
    .replace(SELECTORS, '$1$2')
    .replace(SPACES, ' ')
    .trim()
    .normalize('NFC');
}

/**
 * The name of a person or an organisation in its one form (`cleanLine`). Names in any script and in several scripts are names; a word that
 * mixes letters of alphabets that look alike is not, because it passes for another word.
 * @param lengthMax in code points
 */
export function readName(text: string, lengthMax: number): Read<NameFault> {
  if (BROKEN.test(text)) return { fault: 'broken' };
  const name = cleanLine(text);
  if (!/[\p{L}\p{N}]/u.test(name)) return { fault: 'empty' };
  if (name.length > lengthMax && [...name].length > lengthMax) return { fault: 'too-long' };
  if (TOO_MANY_MARKS.test(name)) return { fault: 'too-many-marks' };
  if (name.match(WORDS)?.some(mixesLookAlikes)) return { fault: 'mixed-alphabets' };
  if (LINK.test(name)) return { fault: 'link' };
  return { text: name };
}

function mixesLookAlikes(word: string): boolean {
  return (LATIN.test(word) && LATIN_LOOK_ALIKES.test(word)) || (CYRILLIC.test(word) && GREEK.test(word));
}
