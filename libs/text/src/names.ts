/** Why a text is not accepted as the name of a person or an organisation. `broken`: it has control characters or half a character. */
export type NameErrorCode = 'empty' | 'too-long' | 'broken' | 'too-many-marks' | 'mixed-alphabets' | 'link';

/** The normal form of a text, or the code of its error. */
export type ReadResult<Code> = { text: string; error?: undefined } | { text?: undefined; error: Code };

/** The longest names, in code points. */
export const PERSON_NAME_MAX = 120;
export const ORGANISATION_MAX = 160;

/** Printable ASCII: in such a text only spaces are collapsed. */
const PLAIN = /^[ -~]*$/;
/** White space and line breaks of every kind, and the blank Braille pattern. */
const SPACES = /[\s\u0085\u2800]+/gu;
/** Control characters other than white space, lone surrogates, and code points that are not characters. */
const BROKEN = /(?![\s\u0085])\p{Cc}|\p{Surrogate}|\p{Noncharacter_Code_Point}/u;
const EVERY_BROKEN = new RegExp(BROKEN.source, 'gu');
/** Invisible characters, direction marks included. `JOINERS` and `SELECTORS` treat joiners and variation selectors. */
const INVISIBLE = /(?![\u200c\u200d]|\p{M})\p{Default_Ignorable_Code_Point}|[\u034f\u17b4\u17b5\ufff9-\ufffb]/gu;
/** The scripts in which a joiner between two letters changes the shape of the letters. */
const JOINED =
  '\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Nkoo}\\p{scx=Mong}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}' +
  '\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Tibt}';
const JOINERS = new RegExp(`([${JOINED}])([\\u200c\\u200d])[\\u200c\\u200d]*(?=[${JOINED}])|[\\u200c\\u200d]`, 'gu');
/** A variation selector chooses the shape of a Han or Mongolian letter. After other letters it has no effect. */
const SELECTORS = /(\p{Script=Han}|\p{Script=Mongolian})(\p{VS})|\p{VS}/gu;
/** Marks at the beginning of a word: no letter is before them. */
const MARKS_WITHOUT_LETTER = /(^| )[\p{M}\u200c\u200d]+/gu;

/** More accents on one letter, or more marks of a script that stacks vowels and consonants, than written languages use (four and eight). */
export const TOO_MANY_MARKS = /\p{Script=Inherited}{5}|\p{M}{9}/u;
const WORDS = /[\p{L}\p{M}]+/gu;
const LATIN = /\p{Script=Latin}/u;
const CYRILLIC = /\p{Script=Cyrillic}/u;
const GREEK = /\p{Script=Greek}/u;
/** Letters that look like Latin letters. Other Greek letters are allowed in a Latin word: “ΔTech” is not deceptive. */
const LATIN_LOOK_ALIKES =
  /[\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχγ]/u;
const LINK = /:\/\/|www\.|\w\.\p{L}{2,}\//iu;

/**
 * Returns the normal form of a text, on one line: Unicode NFC; one space for each run of white space and line breaks; no invisible characters
 * and no direction marks. Keeps joiners between letters of scripts that need them.
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
 * Returns the name of a person or an organisation in its normal form (`cleanLine`). Accepts any script, and several scripts in one name. Refuses
 * a word that mixes look-alike letters of several alphabets, because it imitates another word.
 * @param lengthMax in code points
 */
export function readName(text: string, lengthMax: number): ReadResult<NameErrorCode> {
  if (BROKEN.test(text)) return { error: 'broken' };
  const name = cleanLine(text);
  if (!/[\p{L}\p{N}]/u.test(name)) return { error: 'empty' };
  if (name.length > lengthMax && [...name].length > lengthMax) return { error: 'too-long' };
  if (TOO_MANY_MARKS.test(name)) return { error: 'too-many-marks' };
  if (name.match(WORDS)?.some(mixesLookAlikes)) return { error: 'mixed-alphabets' };
  if (LINK.test(name)) return { error: 'link' };
  return { text: name };
}

function mixesLookAlikes(word: string): boolean {
  return (LATIN.test(word) && LATIN_LOOK_ALIKES.test(word)) || (CYRILLIC.test(word) && GREEK.test(word));
}
