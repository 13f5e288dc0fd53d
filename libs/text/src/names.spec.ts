import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanLine, ORGANISATION_MAX, PERSON_NAME_MAX, readName } from './names.ts';

/** Random text with many of the characters that the normal form changes. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        ...' \t\n\u00a0\u200b\u200c\u200d\u202e\u2066\u00ad\ufeff\u0301\u0651\ufe0f\u3164aéиαبनမ葛1-’ß\ud800\0',
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('a name', () => {
  it('is accepted without a change, in every script', () => {
    for (const name of [
      'Sinéad O’Neil',
      "Jean-Loup d'Ornano",
      'N’GUESSAN Élise',
      'Nguyễn Thị Hồng',
      'Ngũgĩ wa Thiong’o',
      'Łukasz Żółć',
      'Иван Smith-Иванов',
      'Νίκος Παπαδόπουλος',
      'أحمد بن علي',
      'محمّدٌ',
      'می\u200cخواهم',
      'क्\u200dष श्री',
      'သင်္ဘောသား ကြွက်',
      'བསྒྲུབས',
      'שָׁלוֹם',
      '葛\u{e0100}城',
      '김민준',
      'X Æ A-12',
      'J.-P. Martin, Jr. (Café)',
      'Agence « Eau & Fleuve »',
      'ΔTech',
      '3M',
      '42',
    ]) {
      expect(readName(name, PERSON_NAME_MAX)).toEqual({ text: name });
    }
  });

  it('is normalised: composed letters, one line, no invisible characters', () => {
    for (const [typed, name] of [
      ['  E\u0301lise\t\u00a0 Martin\r\n', 'Élise Martin'],
      ['Ada\r\nBcc: x@example.org', 'Ada Bcc: x@example.org'],
      ['Ada\u2028Lovelace\u0085King', 'Ada Lovelace King'],
      ['\u202eadA\u202c \u2066Lovelace\u2069\u200f', 'adA Lovelace'],
      ['A\u00add\u200ba\u2060\ufeff', 'Ada'],
      ['Ada\ufe0f \u{e0041}Lovelace', 'Ada Lovelace'],
      ['A\u200dd\u200ca', 'Ada'],
      ['نی\u200c\u200c\u200cک', 'نی\u200cک'],
      ['\u0301\u0301Ada \u0301Lovelace', 'Ada Lovelace'],
    ] as const) {
      expect(readName(typed, PERSON_NAME_MAX)).toEqual({ text: name });
    }
  });

  it.each([
    ['empty', ['', ' \t\u00a0', '\u200b\u200e\u202e', '\u3164\u115f', '\u2800', '\u0301\u0301', '-', '🙂', '…']],
    ['broken', ['Ada\ud83d', '\udc00', 'A\0da', 'A\u001bda', 'Ada\u009f', 'Ada\uffff']],
    ['too-many-marks', [`A${'\u0301\u0316'.repeat(50)}da`, 'e\u0323\u0302\u0301\u0300\u0308\u030a\u0304']],
    ['mixed-alphabets', ['Dup\u043ent', 'Ada \u0410da', '\u0391da', 'Ив\u0391н', 'Sin\u0435\u0301ad']],
    [
      'link',
      ['Ada https://evil.example', 'WWW.evil.example', 'Gagnez : evil.example/prix', 'evil\u200b.example\u00ad/x'],
    ],
  ])('is refused as %s', (error, texts) => {
    for (const text of texts) expect({ text, ...readName(text, PERSON_NAME_MAX) }).toEqual({ text, error });
  });

  it('is measured in code points of its composed form', () => {
    expect(readName('𠮷'.repeat(PERSON_NAME_MAX), PERSON_NAME_MAX).error).toBeUndefined();
    expect(readName('e\u0301'.repeat(PERSON_NAME_MAX), PERSON_NAME_MAX).error).toBeUndefined();
    expect(readName('𠮷'.repeat(PERSON_NAME_MAX + 1), PERSON_NAME_MAX)).toEqual({ error: 'too-long' });
    expect(readName('a'.repeat(ORGANISATION_MAX + 1), ORGANISATION_MAX)).toEqual({ error: 'too-long' });
  });

  it('does not change when it is normalised again, and is well-formed text on one line', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = cleanLine(text);
        expect(cleanLine(line)).toBe(line);
        expect(line).toBe(line.normalize('NFC').trim());
        expect(line).not.toMatch(
          /[\p{Cc}\p{Surrogate}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff]|\s\s/u,
        );
        const read = readName(text, 1_000);
        if (read.text !== undefined) expect(readName(read.text, 1_000)).toEqual(read);
      }),
      { numRuns: 500 },
    );
  });

  it('has the same normal form for composed and decomposed letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(readName(text.normalize('NFD'), 1_000)).toEqual(readName(text.normalize('NFC'), 1_000));
      }),
    );
  });
});
