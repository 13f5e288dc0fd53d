import createBidi from 'bidi-js';
import { oneLine } from '#platform';
import { type Font, fontFor, type TextStyle } from './fonts.ts';

// A CommonJS module: at run time its default export is the function, but its types do not say so.
const bidi = (createBidi as unknown as typeof createBidi.default)();

/** Spaces of every width. */
const SPACES = /[\u00a0\u2000-\u200a\u202f\u3000]/g;
/** Characters that change the direction of others or are invisible. Joiners are not included, because they change how letters look. */
const INVISIBLE = /(?![\u200c\u200d])\p{Cf}/gu;
/** Hyphens that are missing in most fonts. */
const HYPHENS = /[\u2010\u2011]/g;
/** The width of the box for a letter that no font has, in spaces. */
const BOX_SPACES = 2.4;

const letters = new Intl.Segmenter('fr', { granularity: 'grapheme' });

/** A sequence that is drawn as one unit, from left to right. */
export type Run =
  /** Letters of one font, in reading order. */
  | { kind: 'letters'; font: Font; text: string; isRightToLeft: boolean; width: number }
  /** One letter that no font has, drawn as a box. */
  | { kind: 'box'; text: string; width: number }
  | { kind: 'space'; text: string; width: number };

/** The width of a text in a font, in points. */
export type Measure = (font: Font, text: string, isRightToLeft: boolean) => number;

/** A letter with its marks, a space, or a letter that no font has. */
interface Piece {
  text: string;
  font?: Font;
}

interface LayoutOptions {
  /** The width of a line and of a space, in points. */
  width: number;
  space: number;
  measure: Measure;
}

/**
 * Breaks a text into lines that fit a width. Each line is a list of runs from left to right (Unicode UAX #9). The first letter of the text
 * decides its direction. A letter that no font has becomes a box, so that it is not silently missing.
 */
export function layOutText(text: string, style: TextStyle, options: LayoutOptions): Run[][] {
  const plain = oneLine(text).normalize('NFC').replace(SPACES, ' ').replace(INVISIBLE, '');
  const isRightToLeft = (bidi.getEmbeddingLevels(plain).paragraphs[0]?.level ?? 0) % 2 === 1;
  const runsOf = (pieces: Piece[]) => visualRuns(pieces, isRightToLeft ? 'rtl' : 'ltr', options);
  const widthOf = (pieces: Piece[]) => runsOf(pieces).reduce((sum, { width }) => sum + width, 0);
  const lines: Piece[][] = [];
  let left = 0;
  for (const word of plain.split(' ')) {
    for (const [index, part] of partsOf(piecesOf(word, style), options.width, widthOf).entries()) {
      const partWidth = widthOf(part);
      const isNewLine = lines.length === 0 || index > 0 || partWidth + options.space > left;
      left = isNewLine ? options.width - partWidth : left - options.space - partWidth;
      if (isNewLine) lines.push(part);
      else lines.at(-1)?.push({ text: ' ' }, ...part);
    }
  }
  return lines.map(runsOf);
}

/** Splits a word into parts that fit a line: the word itself, or as many letters as a line holds. */
function partsOf(word: Piece[], width: number, widthOf: (pieces: Piece[]) => number): Piece[][] {
  if (word.length === 0) return [];
  if (widthOf(word) <= width) return [word];
  const parts: Piece[][] = [];
  let last: Piece[] = [];
  for (const piece of word) {
    if (last.length > 0 && widthOf([...last, piece]) > width) {
      parts.push(last);
      last = [];
    }
    last.push(piece);
  }
  return [...parts, last];
}

/** The letters of a word, each with a font that has it. */
function piecesOf(word: string, style: TextStyle): Piece[] {
  return [...letters.segment(word)].flatMap(({ segment }) => piecesOfLetter(segment, style));
}

/**
 * A letter with its font. If no font has the letter, a compatible text (Unicode, NFKC: `fi` for a ligature, `2` for a subscript), or the
 * letter without the marks that the font lacks.
 */
function piecesOfLetter(letter: string, style: TextStyle): Piece[] {
  const font = fontFor(style, letter);
  if (font) return [{ text: letter, font }];
  const compatible = letter.normalize('NFKC').replace(HYPHENS, '-');
  if (compatible !== letter) return piecesOf(compatible, style);
  const [base = '', ...marks] = letter;
  const baseFont = marks.length > 0 ? fontFor(style, base) : undefined;
  if (!baseFont) return [{ text: letter }];
  return [{ text: base + marks.filter((mark) => baseFont.has(mark)).join(''), font: baseFont }];
}

/**
 * The runs of a line from left to right. Adjacent letters of one font and one level are a run; runs are in the order of their levels (UAX
 * #9, rule L2).
 */
function visualRuns(pieces: Piece[], base: 'ltr' | 'rtl', { space, measure }: LayoutOptions): Run[] {
  const line = pieces.map(({ text }) => text).join('');
  const { levels } = bidi.getEmbeddingLevels(line, base);
  const runs: (Piece & { level: number })[] = [];
  let at = 0;
  for (const { text, font } of pieces) {
    const level = levels[at] ?? 0;
    at += text.length;
    const last = runs.at(-1);
    const shown = level % 2 === 1 ? mirrored(text) : text;
    if (last && font && last.font === font && last.level === level) last.text += shown;
    else runs.push({ text: shown, font, level });
  }
  return reordered(runs).map(({ text, font, level }): Run => {
    if (text === ' ') return { kind: 'space', text, width: space };
    if (!font) return { kind: 'box', text, width: space * BOX_SPACES };
    const isRightToLeft = level % 2 === 1;
    return { kind: 'letters', font, text, isRightToLeft, width: measure(font, text, isRightToLeft) };
  });
}

/** From the highest level down, reverses each sequence of runs of that level or a higher one. */
function reordered<Levelled extends { level: number }>(runs: Levelled[]): Levelled[] {
  const ordered = [...runs];
  for (let level = Math.max(0, ...runs.map((run) => run.level)); level > 0; level--) {
    for (let from = 0; from < ordered.length; from++) {
      let to = from;
      while ((ordered[to]?.level ?? -1) >= level) to++;
      ordered.splice(from, to - from, ...ordered.slice(from, to).reverse());
      if (to > from) from = to;
    }
  }
  return ordered;
}

/** Mirrors brackets in text that runs from right to left. */
function mirrored(text: string): string {
  return [...text].map((character) => bidi.getMirroredCharacter(character) ?? character).join('');
}
