/** The maximum number of words, and of characters, in the name of a person. */
const WORDS_MAX = 5;
const NAME_CHARACTERS_MAX = 60;
/** The minimum and maximum number of letters in a first name. */
const FIRST_NAME = { min: 2, max: 20 };
/** The maximum number of letters in a word with a full stop: “Dr.”, “J.”. */
const ABBREVIATION_MAX = 3;

/** Letters with at most three accents each, hyphens and apostrophes between letters, a full stop at the end. */
const WORD = /^(?:\p{L}\p{M}{0,3})+(?:['’‐-](?:\p{L}\p{M}{0,3})+)*\.?$/u;
/** A capital and small letters, or letters of a script without capitals. */
const FIRST_PART = /^(?:\p{Lu}\p{Ll}*|(?:\p{Lo}\p{M}{0,3})+)$/u;
const SECOND_PART = /^(?:\p{L}\p{Ll}*|(?:\p{Lo}\p{M}{0,3})+)$/u;
/** Alphabets with letters that look alike. A name may use only one of them. */
const LOOK_ALIKES = [/\p{Script=Latin}/u, /\p{Script=Greek}/u, /\p{Script=Cyrillic}/u];
/** The characters that `isolateDirection` puts around a text. */
const ISOLATES = /[\u2068\u2069]/g;

/**
 * Returns the text if it can be the name of a person: at most five words of letters, and nothing else. Returns undefined for a text with
 * digits, a web address, punctuation of sentences, or letters of two alphabets that look alike.
 */
export function plainName(text: string): string | undefined {
  const plain = text.replace(ISOLATES, '').normalize('NFC').trim();
  const words = plain.split(/\s+/);
  if (plain.length > NAME_CHARACTERS_MAX || words.length > WORDS_MAX) return undefined;
  if (LOOK_ALIKES.filter((letters) => letters.test(plain)).length > 1) return undefined;
  const isName = words.every((word) => WORD.test(word) && (!word.endsWith('.') || word.length <= ABBREVIATION_MAX + 1));
  return isName ? text : undefined;
}

/**
 * Returns the first name for the greeting of a person whose address is not proved, because another person may have typed the name. It is
 * the first word of a plain name: 2 to 20 letters, a capital first, at most one hyphen or apostrophe. Returns undefined for other texts:
 * the message then greets without a name.
 */
export function greetingName(name: string): string | undefined {
  const [first = ''] = (plainName(name) ?? '').normalize('NFC').trim().split(/\s+/);
  const letters = first.replace(/\P{L}/gu, '').length;
  if (letters < FIRST_NAME.min || first.length > FIRST_NAME.max) return undefined;
  const [one = '', other, ...more] = first.split(/['’‐-]/);
  if (more.length > 0 || !FIRST_PART.test(one)) return undefined;
  return other === undefined || SECOND_PART.test(other) ? first : undefined;
}
