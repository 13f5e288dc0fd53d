import { describe, expect, it } from '@jest/globals';
import { layOutText } from './text-layout.ts';

/** The runs of each line from left to right; each character is 1 point wide. */
const linesOf = (text: string, width = 1_000) =>
  layOutText(text, 'plain', { width, space: 1, measure: (_, run) => run.length }).map((runs) =>
    runs.map((run) => run.text),
  );

describe('the layout of a text', () => {
  it('puts words that run from right to left into their order, and what stands between them', () => {
    expect(linesOf('Zoé ليلى منصور fin')).toEqual([['Zoé', ' ', 'منصور', ' ', 'ليلى', ' ', 'fin']]);
    // A number among them runs from left to right, and brackets turn round.
    expect(linesOf('Zoé ليلى (منصور) 12 نور')).toEqual([
      ['Zoé', ' ', 'نور', ' ', '12', ' ', '(', 'منصور', ')', ' ', 'ليلى'],
    ]);
  });

  it('breaks lines between words, and orders each line for itself', () => {
    expect(linesOf('un deux ليلى منصور', 12)).toEqual([['un', ' ', 'deux', ' ', 'ليلى'], ['منصور']]);
  });

  it('leaves out what no font contains', () => {
    expect(linesOf('Zoé 🎟️ \u202eevil שלום')).toEqual([['Zoé', ' ', 'evil']]);
  });
});
