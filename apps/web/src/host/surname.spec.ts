import { expect, it } from '@jest/globals';
import { bySurname, sortName } from './surname.ts';

it.each([
  ['Zoé Zola', 'Zola Zoé'],
  ['DUPONT Jean', 'DUPONT Jean'],
  ['Jean-Pierre DUPONT MARTIN', 'DUPONT MARTIN Jean-Pierre'],
  ['Jean de la Fontaine', 'de la Fontaine Jean'],
  ['Fatima El Amrani', 'El Amrani Fatima'],
  ['Madonna', 'Madonna'],
  ['JEAN DUPONT', 'DUPONT JEAN'],
  ['J. Dupont', 'Dupont J.'],
])('%s is sorted as %s', (name, expected) => {
  expect(sortName(name)).toBe(expected);
});

it('people are sorted by surname, without regard to accents and capitals', () => {
  const people = ['Zoé Abel', 'Anne Zola', 'Éric ÉBOUÉ', 'Paul Dupont'].map((name) => ({ name }));
  expect(bySurname(people, 'fr').map(({ name }) => name)).toEqual([
    'Zoé Abel',
    'Paul Dupont',
    'Éric ÉBOUÉ',
    'Anne Zola',
  ]);
});
