import { describe, expect, it } from '@jest/globals';
import { ar } from './ar.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { pt } from './pt.ts';

const all = { fr, en, es, pt, ar };
const NUMBERS = [0, 1, 2, 3, 11, 100];

/** Returns every text of a language; for functions, their texts for some numbers. */
function textsOf(words: object): string[] {
  return Object.values(words).flatMap((each): string[] => {
    if (typeof each === 'string') return [each];
    if (typeof each === 'function') return NUMBERS.map((number) => String(each(number, 200)));
    return textsOf(each);
  });
}

it('no line of French begins with a punctuation mark or ends with an opening guillemet', () => {
  expect(textsOf(fr).filter((text) => / [?!:;»]|« /.test(text))).toEqual([]);
  expect(fr.programme.clash('Et demain ?')).toBe('Même heure que «\u00a0Et demain\u00a0?\u00a0»');
});

/** In some languages an ordinal depends on the gender of the reader, which the pages do not know. */
it.each(Object.entries(all))(
  'in %s, a position on the waitlist is a number and not an ordinal',
  (_, { claim, status, programme }) => {
    for (const text of [claim.waitingTitle(1), status.waitlisted(1), programme.inLine(1)])
      expect(text).toMatch(/(?<!\d)1(?![\d.ºªʳᵉa-z])/);
  },
);

describe.each(Object.entries(all))('in %s', (name, words) => {
  it('no text is empty, and each has its number', () => {
    for (const text of textsOf(words)) expect(text).toMatch(/^[^#]*\p{L}[^#]*$/u);
  });

  it('the texts are in the script of the language', () => {
    const arabic = textsOf(words).filter((text) => /\p{Script=Arabic}/u.test(text)).length / textsOf(words).length;
    if (name === 'ar') expect(arabic).toBeGreaterThan(0.95);
    else expect(arabic).toBe(0);
  });
});

it.each([
  [fr.seats.free(0, 20), '0 place libre sur 20'],
  [fr.seats.free(12, 20), '12 places libres sur 20'],
  [fr.seats.fullWaiting(3), 'Complet, 3 en attente'],
  [fr.claim.waitingTitle(1), 'Vous êtes en position 1 sur la liste d’attente'],
  [en.status.waitlisted(1), 'Waiting, number 1'],
  [ar.programme.found(2), 'مقهيان'],
  [ar.programme.found(3), '3 مقاهٍ'],
  [ar.programme.found(12), '12 مقهى'],
  [ar.seats.freeWord(2), 'شاغران'],
  [pt.seats.free(1, 3), '1 lugar livre de 3'],
  [es.seats.free(2, 3), '2 plazas libres de 3'],
])('numbers have the plural form of the language: %s', (text, expected) => expect(text).toBe(expected));
