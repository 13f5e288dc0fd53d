import { oneLine } from '#platform';
import { type Typeface, typefaceFor, type Voice } from './fonts.ts';

/** Letters that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
/** Spaces of every width, and characters that show nothing and that no typeface has. */
const SPACES = /[\u00a0\u2000-\u200a\u202f]/g;
const SHOWS_NOTHING = /\p{Cf}|\p{Variation_Selector}/gu;

/** Letters of one typeface in a row. */
export interface Run {
  typeface: Typeface;
  text: string;
}

/** A word, in the pieces that its typefaces make of it. */
export interface Word {
  runs: Run[];
  width: number;
}

/** How wide a run is. */
export type Measure = (run: Run) => number;

/**
 * A text as lines of words that fit a width. Words that run from right to left stand in their own order within the line.
 * What no typeface of ours draws (an emoji) is left out.
 */
export function linesOf(
  text: string,
  voice: Voice,
  { width, space, measure }: { width: number; space: number; measure: Measure },
): Word[][] {
  const words = oneLine(text)
    .replace(SPACES, ' ')
    .replace(SHOWS_NOTHING, '')
    .split(' ')
    .flatMap((word) => {
      const runs = runsOf(word, voice);
      return runs.length === 0 ? [] : [{ runs, width: runs.reduce((sum, run) => sum + measure(run), 0) }];
    });
  const lines: Word[][] = [];
  let left = 0;
  for (const word of words) {
    if (lines.length === 0 || word.width + space > left) {
      lines.push([word]);
      left = width - word.width;
    } else {
      lines.at(-1)?.push(word);
      left -= space + word.width;
    }
  }
  return lines.map(inSight);
}

function runsOf(word: string, voice: Voice): Run[] {
  const runs: Run[] = [];
  for (const character of word) {
    const typeface = typefaceFor(voice, character.codePointAt(0) as number);
    const last = runs.at(-1);
    if (!typeface) continue;
    if (last?.typeface === typeface) last.text += character;
    else runs.push({ typeface, text: character });
  }
  return runs;
}

/** The words of a line from left to right. */
function inSight(words: Word[]): Word[] {
  const seen: Word[] = [];
  let turned: Word[] = [];
  for (const word of words) {
    if (word.runs.some(({ text }) => RIGHT_TO_LEFT.test(text))) turned.unshift(word);
    else {
      seen.push(...turned, word);
      turned = [];
    }
  }
  return [...seen, ...turned];
}
