/** The most words, and characters, of a text that is taken for the name of a person. */
const WORDS_MAX = 5;
const NAME_CHARACTERS_MAX = 60;
/** How many letters a first name has. */
const FIRST_NAME = { min: 2, max: 20 };
/** How many letters a word has at most that ends in a dot: “Dr.”, “J.”. */
const ABBREVIATION_MAX = 3;

/** Letters with a few accents each; hyphens and apostrophes between them; a dot behind them. */
const WORD = /^(?:\p{L}\p{M}{0,3})+(?:['’‐-](?:\p{L}\p{M}{0,3})+)*\.?$/u;
/** Begins with a capital and goes on in small letters, or is written in letters that have no capitals. */
const FIRST_PART = /^(?:\p{Lu}\p{Ll}*|(?:\p{Lo}\p{M}{0,3})+)$/u;
const SECOND_PART = /^(?:\p{L}\p{Ll}*|(?:\p{Lo}\p{M}{0,3})+)$/u;
/** Alphabets with letters that look alike: a name has those of one of them. */
const LOOK_ALIKES = [/\p{Script=Latin}/u, /\p{Script=Greek}/u, /\p{Script=Cyrillic}/u];
/** What `typed` puts round a text that runs from right to left. */
const ISOLATES = /[\u2068\u2069]/g;

/**
 * The text itself where it can be the name of a person: at most five words of letters, and nothing else. Undefined for a text with
 * figures, an address of a page, a sentence's marks, or letters of two alphabets that look alike.
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
 * The first name by which a message greets a person whose address is not proved: anybody may have typed it. It is the first word of a
 * text that is a plain name, 2 to 20 letters with one hyphen or apostrophe at most, written as names are: a capital first. Undefined for
 * every other text: then the message greets without a name.
 */
export function greetingName(name: string): string | undefined {
  const [first = ''] = (plainName(name) ?? '').normalize('NFC').trim().split(/\s+/);
  const letters = first.replace(/\P{L}/gu, '').length;
  if (letters < FIRST_NAME.min || first.length > FIRST_NAME.max) return undefined;
  const [one = '', other, ...more] = first.split(/['’‐-]/);
  if (more.length > 0 || !FIRST_PART.test(one)) return undefined;
  return other === undefined || SECOND_PART.test(other) ? first : undefined;
}
