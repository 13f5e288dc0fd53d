import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PeopleListErrorCode, parsePeople } from './people.ts';

const peopleIn = (text: string, most = 20) =>
  parsePeople(text, most).people.map(({ name, email }) => `${name} <${email}>`);
const errorsOf = (text: string, most = 20) =>
  parsePeople(text, most).errors.map(({ line, error }) => `${line} ${error}`);

describe('a list of people', () => {
  it.each([
    ['a comma', 'Awa Diop, awa@example.org'],
    ['the format of a mail header', 'Awa Diop <awa@example.org>'],
    ['the name in parentheses', 'awa@example.org (Awa Diop)'],
    ['last and first name', 'Diop, Awa <awa@example.org>'],
    ['last and first name in quotes', '"Diop, Awa" <awa@example.org>;'],
    ['quotes', '"Awa Diop" <mailto:awa@example.org>;'],
    ['single quotes', "'Awa Diop' <'awa@example.org'>"],
    ['a table, first and last name in two columns', 'Awa\tDiop\tAwa@Example.org'],
    ['a table, address first', 'awa@example.org\tAwa\tDiop\t+33 6 12 34 56 78'],
    ['a table with more columns', 'Awa;Diop;awa@example.org;Mairie;06.12.34.56.78;'],
    ['semicolons, address first', 'awa@example.org;Awa Diop'],
    ['commas and quotes', '"Awa Diop","awa@example.org"'],
    ['a numbered list', '1. Awa Diop awa@example.org'],
    ['a dash', '- Awa Diop – awa@example.org'],
    ['a full stop at the end', 'Awa Diop : awa@example.org.'],
    ['the address twice', 'Awa Diop awa@example.org <awa@example.org>'],
    ['invisible characters', '\ufeffAwa\u00a0Diop\u200b awa@example.org\u200e'],
  ])('is read with %s', (_, text) => {
    expect(peopleIn(text)).toEqual(['Awa Diop <awa@example.org>']);
    expect(errorsOf(text)).toEqual([]);
  });

  it.each([
    'Awa Diop <awa@example.org>; Bob Li <bob@example.org>',
    'Diop, Awa <awa@example.org>; Li, Bob <bob@example.org>;',
    'Awa Diop <awa@example.org>, Bob Li <bob@example.org>',
    'Awa Diop awa@example.org, Bob Li bob@example.org',
    'awa@example.org (Awa Diop), bob@example.org (Bob Li)',
    'awa@example.org Awa Diop; bob@example.org Bob Li',
    'Awa Diop <awa@example.org>\rBob Li <bob@example.org>',
  ])('can have several people in one line: %s', (text) => {
    expect(peopleIn(text)).toEqual(['Awa Diop <awa@example.org>', 'Bob Li <bob@example.org>']);
    expect(errorsOf(text)).toEqual([]);
  });

  it('does not change names', () => {
    expect(
      peopleIn("Jean-Luc O'Brien, jl@example.org\r\nفاطمة الزهراء, f@example.org\nAwa (Mairie) <awa@example.org>"),
    ).toEqual(["Jean-Luc O'Brien <jl@example.org>", 'فاطمة الزهراء <f@example.org>', 'Awa (Mairie) <awa@example.org>']);
  });

  it('can be a table with a heading row, pasted from a spreadsheet', () => {
    const table = [
      '\ufeffPrénom;NOM;Courriel;Organisme;Téléphone',
      'Élise;N’GUESSAN;Elise.NGuessan@Mairie-Exemple.FR ;Ville d’Orvault;+33 6 12 34 56 78',
      "Élise;N'GUESSAN;elise.nguessan@mairie-exemple.fr;Ville d’Orvault;06.12.34.56.78",
      "Jean-Loup;d'ORNANO;jean-loup.d'ornano@example.org;;",
      'أحمد;بن علي;ahmed@example.org;بلدية طنجة;',
      'Zoë;MÜLLER;zoe@müller-beispiel.de;Kreis Bad Exempel;-',
      'José;;josé@example.org;;',
      ';INCONNU;pas une adresse;Mairie;',
      'Marie;DUPONT;marie@example.org, pierre@example.org;;',
    ];
    expect(peopleIn(table.join('\r\n'))).toEqual([
      'Élise N’GUESSAN <elise.nguessan@mairie-exemple.fr>',
      "Jean-Loup d'ORNANO <jean-loup.d'ornano@example.org>",
      'أحمد بن علي <ahmed@example.org>',
      'Zoë MÜLLER <zoe@müller-beispiel.de>',
      'José <josé@example.org>',
    ]);
    expect(errorsOf(table.join('\r\n'))).toEqual(['3 twice', '8 no-address', '9 two-addresses']);
  });

  it('contains each whole address, with its apostrophes, slashes and other signs', () => {
    expect(peopleIn("Sinéad O'Neil o'neil@example.org\nSinéad O’Neil o’neil@example.com")).toEqual([
      "Sinéad O'Neil <o'neil@example.org>",
      "Sinéad O’Neil <o'neil@example.com>",
    ]);
    expect(peopleIn('Agence <user/dept@example.org>\nVentes, a&b@example.org\nX x#y@example.org')).toEqual([
      'Agence <user/dept@example.org>',
      'Ventes <a&b@example.org>',
      'X <x#y@example.org>',
    ]);
  });

  it.each<[PeopleListErrorCode, string[]]>([
    [
      'unclear',
      [
        'Awa Diop/awa@example.org',
        'Awa Diop|awa@example.org',
        "Awa Diop 'awa@example.org",
        "Awa Diop awa@example.org'",
      ],
    ],
    [
      'two-addresses',
      ['Two a@example.org b@example.org', 'a@example.org, Bob, b@example.org', 'a@example.org; b@example.org'],
    ],
    ['bad-address', ['Half h@example', 'Awa a@b.org@c.org', 'Awa a..b@example.org']],
    ['no-address', ['Nobody', 'Awa awa(at)example.org', 'Awa, mail to come']],
    ['no-name', ['x@example.org', "'x@example.org' <x@example.org>", '🙂 x@example.org']],
    ['bad-name', ['Dup\u043ent x@example.org', `A${'\u0301'.repeat(100)} x@example.org`]],
    ['too-long', [`${'n'.repeat(121)} n@example.org`]],
  ])('reports the error %s, and contains no person of the line', (error, texts) => {
    for (const text of texts)
      expect({ text, people: peopleIn(text), errors: errorsOf(text) }).toEqual({
        text,
        people: [],
        errors: [`1 ${error}`],
      });
  });

  it('reports an error once for each line', () => {
    expect(errorsOf('Dup\u043ent <x@example.org>; Mart\u0456n <y@example.org>')).toEqual(['1 bad-name']);
  });

  it('reports the line number of each error', () => {
    expect(errorsOf('Awa Diop, awa@example.org\n\nNobody\nAgain AWA@example.org')).toEqual(['3 no-address', '4 twice']);
    expect(errorsOf('A a@x.org\nB b@x.org\nC c@x.org', 2)).toEqual(['3 too-many']);
  });

  it('never contains an address that is only a part of the typed address', () => {
    const local = fc.stringMatching(/^[a-z0-9][a-z0-9'&#+._/|=*!-]{0,8}$/).filter((text) => !/\.\.|\.$/.test(text));
    const around = fc.constantFrom('', ' ', ', ', ';', '\t', ' <', "'", '"', ' (', '/', '|');
    fc.assert(
      fc.property(local, around, around, (typed, before, after) => {
        const { people } = parsePeople(`Awa Diop${before || ' '}${typed}@example.org${after}`, 20);
        const whole = [typed, `diop${before}${typed}`].map((local) => `${local}@example.org`);
        for (const { email } of people) expect(whole).toContain(email);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never throws for any text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'ab@.,;\t\n "\'()<>[]@é\u202e’'), { maxLength: 40 }), (parts) => {
        parsePeople(parts.join(''), 20);
      }),
      { numRuns: 1_000 },
    );
  });
});
