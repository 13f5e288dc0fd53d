const NO_BREAK = '\u00a0';

/**
 * French words with no-break spaces before the marks that stand apart, and inside guillemets. In the sources these are ordinary spaces,
 * which nobody takes for another. What words are filled with, as titles, is tied with them.
 */
export function tied<Words>(words: Words): Words {
  return tiedOne(words) as Words;
}

function tiedOne(words: unknown): unknown {
  if (typeof words === 'string') return words.replace(/ (?=[?!:;»])|(?<=«) /g, NO_BREAK);
  if (typeof words === 'function') return (...given: unknown[]) => tiedOne(words(...given));
  if (typeof words !== 'object' || words === null) return words;
  return Object.fromEntries(Object.entries(words).map(([name, each]) => [name, tiedOne(each)]));
}
