const NO_BREAK = '\u00a0';

/**
 * Returns French texts with no-break spaces before punctuation and inside guillemets. The sources have ordinary spaces there, because no-break
 * spaces are not visible in an editor. Inserted values, for example titles, get no-break spaces too.
 */
export function withNoBreakSpaces<Words>(words: Words): Words {
  return withNoBreak(words) as Words;
}

function withNoBreak(words: unknown): unknown {
  if (typeof words === 'string') return words.replace(/ (?=[?!:;»])|(?<=«) /g, NO_BREAK);
  if (typeof words === 'function') return (...given: unknown[]) => withNoBreak(words(...given));
  if (typeof words !== 'object' || words === null) return words;
  return Object.fromEntries(Object.entries(words).map(([name, each]) => [name, withNoBreak(each)]));
}
