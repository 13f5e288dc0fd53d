import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readAddress } from './addresses.ts';
import { asciiAddress, isSameAddress, needsSmtpUtf8 } from './domains.ts';

const LOCAL = fc
  .array(fc.stringMatching(/^[a-z0-9!#$%&'*+/=?^_`{|}~éüßжع用-]{1,6}$/u), { minLength: 1, maxLength: 3 })
  .map((atoms) => atoms.join('.'));
const DOMAIN = fc
  .tuple(
    fc.array(fc.stringMatching(/^[a-z0-9äöüéñ]{1,8}$/u), { minLength: 1, maxLength: 3 }),
    fc.constantFrom('org', 'fr', 'рф', 'museum'),
  )
  .map(([labels, last]) => [...labels, last].join('.'));

describe('an address', () => {
  it.each([
    'ada@example.org',
    'info@kfz-müller.de',
    'a&b@example.org',
    'user/dept@example.org',
    'x#y@example.org',
    "sinead.o'neil@example.org",
    "jean-loup.d'ornano@example.org",
    'plus+tag@example.org',
    "!#$%&'*+-/=?^_`{|}~@example.org",
    'josé@example.org',
    '用户@例え.jp',
    'ahmed@بلدية.example',
    'a@straße.de',
    'a@نامه\u200cای.com',
    '1@2.co',
  ])('%s is accepted without a change', (address) => {
    expect(readAddress(address)).toEqual({ text: address });
  });

  it.each([
    ['  Ada@Example.ORG\n', 'ada@example.org'],
    ['\ufeffada@example.org\u200b', 'ada@example.org'],
    ['<mailto:ada@example.org>', 'ada@example.org'],
    ['ada＠example.org', 'ada@example.org'],
    ['jose\u0301@example.org', 'josé@example.org'],
    ['info@KFZ-Mu\u0308ller.de', 'info@kfz-müller.de'],
    ['info@xn--kfz-mller-u9a.de', 'info@kfz-müller.de'],
    ['INFO@XN--KFZ-MLLER-U9A.DE', 'info@kfz-müller.de'],
    ['o’neil@example.org', "o'neil@example.org"],
    ['a@例え。jp', 'a@例え.jp'],
  ])('%s is normalised', (typed, address) => {
    expect(readAddress(typed)).toEqual({ text: address });
  });

  it.each([
    [' Ada@Example.ORG', 'ada@example.org'],
    ['info@KFZ-Mu\u0308ller.de', 'info@kfz-müller.de'],
    ['info@xn--kfz-mller-u9a.de', 'info@kfz-müller.de'],
    ['josé@example.org', 'JOSE\u0301@example.org'],
  ])('%s is the same as %s', (one, other) => {
    expect(isSameAddress(one, other)).toBe(true);
    expect(isSameAddress(one, `x${other}`)).toBe(false);
  });

  it.each([
    ['no-address', ['', 'ada', 'ada.example.org', 'a@b@example.org', 'marie@example.org, pierre@example.org']],
    [
      'bad-local-part',
      [
        '@example.org',
        '.a@x.org',
        'a.@x.org',
        'a..b@x.org',
        'a b@x.org',
        '"a b"@x.org',
        `e${'\u0301'.repeat(9)}@x.org`,
        'a\u0085b@x.org',
      ],
    ],
    [
      'bad-domain',
      [
        'a@',
        'a@localhost',
        'a@x..org',
        'a@.org',
        'a@x.org.',
        'a@-x.org',
        'a@x-.org',
        'a@x_y.org',
        'a@[192.0.2.1]',
        'a@192.0.2.1',
      ]
        .concat([
          'a@0x7f.0x1',
          'a@x.org:80',
          'a@x.org/y',
          'a@x.org?y',
          'a@x%2eorg',
          'a@x.org\\y',
          'a@x y.org',
          'a@xn--zzzzzz.org',
        ])
        .concat([`a@${'x'.repeat(64)}.org`]),
    ],
    [
      'too-long',
      [`${'a'.repeat(65)}@x.org`, `${'é'.repeat(33)}@x.org`, `a@${'x.'.repeat(125)}org`, `${' '.repeat(1_000)}a@x.org`],
    ],
  ])('is refused as %s', (error, texts) => {
    for (const text of texts) expect({ text, ...readAddress(text) }).toEqual({ text, error });
  });

  it('has an ASCII form, which is the same address', () => {
    fc.assert(
      fc.property(LOCAL, DOMAIN, (local, domain) => {
        const { text: address } = readAddress(`${local}@${domain}`);
        if (address === undefined) return; // too long
        const sentTo = asciiAddress(address);
        expect(sentTo.slice(sentTo.lastIndexOf('@'))).toMatch(/^@[a-z0-9.-]+$/);
        expect(readAddress(sentTo)).toEqual({ text: address });
        expect(readAddress(address)).toEqual({ text: address });
        expect(readAddress(address.toUpperCase().normalize('NFD')).text).toBe(
          readAddress(address.toUpperCase().normalize('NFD').toLowerCase()).text,
        );
        expect(needsSmtpUtf8(address)).toBe(needsSmtpUtf8(sentTo));
      }),
    );
  });

  it('never throws for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: 'binary' }).map((text) => `a@${text}.org`),
        ),
        (text) => {
          const { text: address } = readAddress(text);
          if (address !== undefined) expect(readAddress(address)).toEqual({ text: address });
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
