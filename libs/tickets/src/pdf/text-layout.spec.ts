import { describe, expect, it } from '@jest/globals';
import { loadFonts } from './fonts.ts';
import { layOutText, type Run } from './text-layout.ts';

/** Lays out a text with a width of 1 point for each character. */
const layOut = (text: string, width = 1_000) =>
  layOutText(text, 'plain', { width, space: 1, measure: (_, run) => run.length });
/** The runs of each line from left to right. */
const linesOf = (text: string, width?: number) => layOut(text, width).map((runs) => runs.map((run) => run.text));
const runsOf = (text: string): Run[] => layOut(text).flat();
/** The ids of the glyphs of a text; 0 is the glyph for a missing character. */
const glyphsOf = (text: string) =>
  runsOf(text).flatMap((run) =>
    run.kind === 'letters'
      ? run.font.shape(run.text, run.isRightToLeft).glyphs.map(({ id }) => id)
      : run.kind === 'box'
        ? [0]
        : [],
  );

describe('the layout of a text', () => {
  it('orders words that run from right to left, and the characters between them', () => {
    expect(linesOf('Zoé ليلى منصور fin')).toEqual([['Zoé', ' ', 'منصور', ' ', 'ليلى', ' ', 'fin']]);
    // A number among them runs from left to right, and brackets are mirrored.
    const [line = []] = linesOf('Zoé ليلى (منصور) 12 نور');
    expect(line.join('|')).toBe('Zoé| |نور| |12| |(|منصور|)| |ليلى'.replaceAll('(|', '(|'));
  });

  it('has the direction of its first letter', () => {
    expect(linesOf('ليلى Orvault')).toEqual([['Orvault', ' ', 'ليلى']]);
    expect(linesOf('Orvault ليلى')).toEqual([['Orvault', ' ', 'ليلى']]);
  });

  it('breaks lines between words, orders each line separately, and breaks a word that is longer than a line', () => {
    expect(linesOf('un deux ليلى منصور', 12)).toEqual([['un', ' ', 'deux', ' ', 'ليلى'], ['منصور']]);
    expect(linesOf('Zoé aaaaaaaaaaaa', 5)).toEqual([['Zoé'], ['aaaaa'], ['aaaaa'], ['aa']]);
  });

  it.each([
    ['Latin', 'Zoé Œuvrard Żółć Nguyễn Thị Hạnh'],
    ['Greek and Cyrillic', 'Ελένη Наталья'],
    ['Arabic', 'ليلى منصور'],
    ['Hebrew', 'שרה לוי'],
    ['Devanagari', 'प्रिया शर्मा'],
    ['Chinese', '王小明'],
    ['Japanese', 'たなか ヤマダ'],
    ['Hangul', '김민준'],
    ['arrows and signs', 'A → B ← ≤ ½ €'],
  ])('draws each letter of %s with a separate glyph', async (_, text) => {
    await loadFonts(text);
    expect(runsOf(text).map(({ kind }) => kind)).not.toContain('box');
    const glyphs = glyphsOf(text);
    expect(glyphs.length).toBeGreaterThan(0);
    expect(glyphs).not.toContain(0);
  });

  it('draws numbers and brackets among letters from right to left in their order', () => {
    const shown = runsOf('ليلى (نور) 2026');
    // From left to right: the number, then the bracketed word, then the first word.
    expect(shown.find(({ kind }) => kind === 'letters')?.text).toBe('2026');
    expect(shown.at(-1)?.text).toBe('ليلى');
    const brackets = shown.map(({ text }) => text).join('');
    expect(brackets.indexOf('(')).toBeLessThan(brackets.indexOf(')'));
  });

  it('puts a decomposed accent on its letter', () => {
    expect(linesOf('Zoe\u0301 Me\u0301de\u0301ric')).toEqual([['Zoé', ' ', 'Médéric']]);
    // A letter without a composed form keeps its mark, in the same font.
    expect(linesOf('q\u0301')[0]?.join('')).toMatch(/^q\u0301?$/);
  });

  it('draws a compatible character if no font has the character', () => {
    expect(linesOf('ﬁn Porte\u2011voix H₂O')[0]?.join('')).toMatch(/^fin Porte[-‐‑]voix H[₂2]O$/);
    expect(glyphsOf('ﬁn Porte\u2011voix H₂O x² ½')).not.toContain(0);
  });

  it('draws a box for a letter that no font has, and leaves out invisible characters', () => {
    expect(runsOf('Zoé 🎟️ \u202eevil').map(({ kind, text }) => (kind === 'box' ? 'box' : text))).toEqual([
      'Zoé',
      ' ',
      'box',
      ' ',
      'evil',
    ]);
  });
});
