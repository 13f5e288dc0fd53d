import createBidi from 'bidi-js';
import { oneLine } from '#platform';
import { type Font, fontFor, type TextStyle } from './fonts.ts';

// A CommonJS module: at run time its default export is the function, which its types do not say.
const bidi = (createBidi as unknown as typeof createBidi.default)();

/** Spaces of every width. */
const SPACES = /[\u00a0\u2000-\u200a\u202f]/g;
/** Characters that are invisible, and that no font contains. */
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}/gu;

/** Characters of one font that are drawn one after another; without a font: a space between words. */
export interface Run {
  font?: Font;
  text: string;
  /** In points. */
  width: number;
}

/** The width of a text in a font, in points. */
export type Measure = (font: Font, text: string) => number;

/**
 * A text as lines that fit a width, each as runs from left to right (Unicode UAX #9; the base direction is left to right).
 * Characters that no font contains, such as emoji, are left out.
 * @param options.width,options.space the width of a line and of a space, in points
 */
export function layOutText(
  text: string,
  style: TextStyle,
  { width, space, measure }: { width: number; space: number; measure: Measure },
): Run[][] {
  const words = oneLine(text)
    .replace(SPACES, ' ')
    .replace(INVISIBLE, '')
    .split(' ')
    .map((word) => [...word].filter((character) => fontOf(character, style)).join(''))
    .filter((word) => word !== '');
  const lines: string[] = [];
  let left = 0;
  for (const word of words) {
    const wordWidth = widthOf(visualRuns(word, style, { space, measure }));
    const isNewLine = lines.length === 0 || wordWidth + space > left;
    left = isNewLine ? width - wordWidth : left - space - wordWidth;
    if (isNewLine) lines.push(word);
    else lines.push(`${lines.pop()} ${word}`);
  }
  return lines.map((line) => visualRuns(line, style, { space, measure }));
}

/** The runs of a line from left to right. Their text stays in reading order where the font's script itself runs from right to left. */
function visualRuns(line: string, style: TextStyle, { space, measure }: { space: number; measure: Measure }): Run[] {
  const embedding = bidi.getEmbeddingLevels(line, 'ltr');
  const mirrored = bidi.getMirroredCharactersMap(line, embedding.levels);
  const runs: { font?: Font; isRightToLeft: boolean; text: string; level: number }[] = [];
  for (const index of bidi.getReorderedIndices(line, embedding)) {
    const level = embedding.levels[index] as number;
    const character = mirrored.get(index) ?? line.charAt(index);
    const font = character === ' ' ? undefined : fontOf(character, style);
    const last = runs.at(-1);
    if (!last || last.font !== font || last.level !== level) {
      runs.push({ font, level, text: character, isRightToLeft: isRightToLeft(character) });
    } else {
      last.text += character;
      last.isRightToLeft ||= isRightToLeft(character);
    }
  }
  return runs.map(({ font, text: visualText, isRightToLeft: scriptIsRightToLeft }) => {
    if (!font) return { text: visualText, width: space * visualText.length };
    // pdfkit reverses the glyphs of such a script itself.
    const text = scriptIsRightToLeft ? [...visualText].reverse().join('') : visualText;
    return { font, text, width: measure(font, text) };
  });
}

function widthOf(runs: Run[]): number {
  return runs.reduce((sum, { width }) => sum + width, 0);
}

function isRightToLeft(character: string): boolean {
  return ['R', 'AL'].includes(bidi.getBidiCharTypeName(character));
}

function fontOf(character: string, style: TextStyle): Font | undefined {
  return fontFor(style, character.codePointAt(0) as number);
}
