import { describe, expect, it } from '@jest/globals';
import { parsePeople } from './parse.ts';

const named = (text: string, most = 20) =>
  parsePeople(text, most).people.map(({ name, email }) => `${name} <${email}>`);
const faultsOf = (text: string, most = 20) =>
  parsePeople(text, most).faults.map(({ line, fault }) => `${line} ${fault}`);

describe('a list of people', () => {
  it.each([
    ['a comma', 'Awa Diop, awa@example.org'],
    ['a message’s way', 'Awa Diop <awa@example.org>'],
    ['quotes', '"Awa Diop" <mailto:awa@example.org>;'],
    ['a table, name and first name apart', 'Awa\tDiop\tAwa@Example.org'],
    ['semicolons, address first', 'awa@example.org;Awa Diop'],
    ['a numbered list', '1. Awa Diop awa@example.org'],
    ['a dash', '- Awa Diop – awa@example.org'],
    ['the address twice', 'Awa Diop awa@example.org <awa@example.org>'],
  ])('is read with %s', (_, text) => {
    expect(named(text)).toEqual(['Awa Diop <awa@example.org>']);
  });

  it('keeps names as they are written', () => {
    expect(named("Jean-Luc O'Brien, jl@example.org\r\nفاطمة الزهراء, f@example.org")).toEqual([
      "Jean-Luc O'Brien <jl@example.org>",
      'فاطمة الزهراء <f@example.org>',
    ]);
  });

  it('says what is wrong, by line', () => {
    const text = [
      'Awa Diop, awa@example.org',
      '',
      'Nobody',
      'x@example.org',
      'Two a@example.org b@example.org',
      'Half h@example',
      'Again AWA@example.org',
      `${'n'.repeat(121)} n@example.org`,
    ].join('\n');
    expect(faultsOf(text)).toEqual([
      '3 no-address',
      '4 no-name',
      '5 two-addresses',
      '6 bad-address',
      '7 twice',
      '8 too-long',
    ]);
    expect(faultsOf('A a@x.org\nB b@x.org\nC c@x.org', 2)).toEqual(['3 too-many']);
  });
});
