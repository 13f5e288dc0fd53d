import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ProgrammeDocument } from '../document.ts';
import { compareProgrammes } from './compare.ts';
import type { LoadOptions } from './difference.ts';

/** Few values, so that the three programmes are often equal. */
const value = fc.integer({ min: 1, max: 3 });
const codes = fc.uniqueArray(fc.constantFrom('1', '2', '3'), { maxLength: 3 });
const programme = fc.record({ title: value, codes, capacity: value }).map(({ title, codes: present, capacity }) => {
  const texts = (code: string) => ({ title: `${code}`, audience: [], takeaways: [], agenda: [], keywords: [] });
  const document: ProgrammeDocument = {
    event: {
      slug: 'e',
      title: { fr: `${title}`, en: 'e' },
      timeZone: 'Europe/Paris',
      locales: ['fr'],
      startsAt: '2027-05-11T08:00:00.000Z',
      endsAt: '2027-05-11T18:00:00.000Z',
    },
    rooms: [{ code: 'a', name: 'A', capacity: 9 }],
    cafes: present.map((code) => ({
      code,
      room: 'a',
      kind: 'cafe',
      language: 'fr',
      hosts: ['V'],
      speakers: [],
      contacts: [],
      texts: { fr: texts(code), en: texts(code) },
      startsAt: '2027-05-11T09:00:00.000Z',
      endsAt: '2027-05-11T10:00:00.000Z',
      capacity,
      state: 'open',
      waitlistOpen: true,
    })),
  };
  return document;
});
const options = fc.record<LoadOptions>({
  remove: fc.boolean(),
  organisers: fc.constantFrom(undefined, 'overwrite', 'keep'),
});
const three = fc.record({ loaded: fc.option(programme, { nil: undefined }), file: programme, current: programme });

describe('a comparison of the last load, the file and the database', () => {
  it('reports no difference exactly when the file and the database are equal, whatever the last load was', () => {
    fc.assert(
      fc.property(three, options, ({ loaded, file }, chosen) => {
        const { result, differences } = compareProgrammes({ loaded, file, current: file }, chosen);
        expect(differences).toEqual([]);
        expect(result).toEqual(file);
      }),
    );
  });

  it('takes the value of the file when only the file changed it, and the value of the database when the file did not change it', () => {
    fc.assert(
      fc.property(programme, programme, (one, other) => {
        const byFile = compareProgrammes({ loaded: one, file: other, current: one }, { remove: true });
        expect(byFile.result).toEqual(other);
        expect(byFile.differences.every(({ outcome }) => outcome === 'done')).toBe(true);
        const byOrganiser = compareProgrammes({ loaded: one, file: one, current: other }, {});
        const codes = (document: ProgrammeDocument) => new Set(document.cafes.map(({ code }) => code));
        expect(codes(byOrganiser.result)).toEqual(codes(other));
        expect(byOrganiser.differences.filter(({ outcome }) => outcome !== 'kept')).toEqual([]);
      }),
    );
  });

  it('returns the file alone with the options overwrite and remove', () => {
    fc.assert(
      fc.property(three, (programmes) => {
        const { result, differences } = compareProgrammes(programmes, { remove: true, organisers: 'overwrite' });
        expect(result).toEqual(programmes.file);
        expect(differences.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
      }),
    );
  });

  it('reports every change: the result differs from the database only in differences with the outcome done', () => {
    fc.assert(
      fc.property(three, options, (programmes, chosen) => {
        const { result, differences } = compareProgrammes(programmes, chosen);
        const done = new Set(differences.flatMap((each) => (each.outcome === 'done' ? [each.code] : [])));
        for (const { code, capacity } of programmes.current.cafes) {
          const after = result.cafes.find((each) => each.code === code);
          if (after?.capacity !== capacity) expect([...done]).toContain(code);
        }
        for (const { code } of result.cafes)
          if (!programmes.current.cafes.some((each) => each.code === code)) expect([...done]).toContain(code);
      }),
    );
  });
});
