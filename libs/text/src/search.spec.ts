import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCode, readTicketText } from './codes.ts';
import { fold, matcher } from './search.ts';

describe('a search', () => {
  it.each([
    ['lukasz', 'Łukasz'],
    ['strasse', 'Straße'],
    ['STRAẞE', 'strasse'],
    ['igdir', 'Iğdır'],
    ['IĞDIR', 'Iğdır'],
    ['istanbul', 'İstanbul'],
    ['lefevre zoe', 'Zoé Lefèvre'],
    ['lefevre', 'Zoé Le Fèvre'],
    ['oneil', 'O’Neil'],
    ["o'neil", 'O’Neil'],
    ['o neil', 'O’Neil'],
    ['dornano', "d'Ornano"],
    ['jean luc', 'Jean-Luc'],
    ['jeanluc', 'Jean-Luc'],
    ['kobenhavn', 'København'],
    ['soren aerø', 'Ærø, Søren'],
    ['oeuvre', 'Œuvre'],
    ['djokovic', 'Djoković'],
    ['dinh', 'Đinh'],
    ['gudrun', 'Guðrún'],
    ['thor', 'Þór'],
    ['muller', 'Müller'],
    ['mueller', 'Müller'],
    ['nguyen thi', 'Nguyễn Thị Hồng'],
    ['احمد', 'أحمد'],
    ['إبراهيم', 'ابراهيم'],
    ['فاطمه', 'فاطمة'],
    ['مصطفي', 'مصطفى'],
    ['محمد', 'مُـحَـمَّـد'],
    ['علی', 'علي'],
    ['σοφοσ', 'Σοφός'],
    ['3 ibn', '٣ إبن Ibn'],
  ])('of %s finds %s', (search, name) => {
    expect(matcher(search)(fold(name))).toBe(true);
  });

  it('does not find a text without one of its words', () => {
    const folded = fold('Zoé Lefèvre, Ville d’Orvault');
    for (const search of ['zoe martin', 'lefebvre', 'nantes', 'zoe zoe x']) expect(matcher(search)(folded)).toBe(false);
    expect(matcher('  ')(folded)).toBe(true);
  });

  const word = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
    fc.constantFrom('Łukasz', 'Straße', 'O’Neil', 'أحمد', 'Jean-Luc', 'İğdır', 'क्षितिज', 'ไพศาล', '김'),
  );

  it('finds a name in its composed, decomposed and folded form, and by each of its words in any order', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        const name = words.join(' ');
        const folded = fold(name);
        expect(fold(folded)).toBe(folded);
        for (const search of [
          name,
          folded,
          name.normalize('NFD'),
          name.normalize('NFC'),
          words.toReversed().join('  '),
          ...words,
        ])
          expect({ search, found: matcher(search)(folded) }).toEqual({ search, found: true });
      }),
      { numRuns: 500 },
    );
  });
});

describe('a code', () => {
  it.each([
    ' 725 741',
    '725-741',
    '725\u2011741',
    '725\r\n741\n',
    '\u200e725\u00a0741\u202c',
    '725\u202f741',
    '７２５ ７４１',
    '٧٢٥ ٧٤١',
    '۷۲۵۷۴۱',
    '७२५७४१',
    '\u{1d7d5}25741',
  ])('is read from %j', (typed) => {
    expect(readCode(typed)).toBe('725741');
  });

  it('of a ticket is read without spaces', () => {
    expect(readTicketText(' AB\u200bC-1\r\n23.x\ufeff')).toBe('ABC-123.x');
  });

  it('is not changed where it is not valid', () => {
    expect(readCode('725.741')).toBe('725.741');
    expect(readCode('725741x')).toBe('725741x');
    expect(readCode('')).toBe('');
  });
});
