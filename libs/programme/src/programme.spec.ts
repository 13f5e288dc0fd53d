import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '#platform';
import { createTestDatabase, type TestDatabase } from '../../../test/support/index.ts';
import {
  checkProgramme,
  demonstrationProgramme,
  InvalidProgramme,
  loadProgramme,
  localiseCafe,
  Programme,
  type ProgrammeDocument,
  readProgrammeText,
  UnreadableDocument,
} from './index.ts';

const undated = JSON.parse(readFileSync('prisma/programme/raict-2024.json', 'utf8'));
const source = readFileSync('prisma/programme/source/raict-2024.txt', 'utf8');
const today = new Date('2026-11-24T12:00:00Z');
const fold = (text: string) => text.replaceAll('’', "'");

function raict(): ProgrammeDocument {
  return demonstrationProgramme(undated, today);
}

describe('the demonstration', () => {
  it('spreads the twelve entries over two days from tomorrow, some at the same time and some not, with 12 to 40 seats each', () => {
    const { event, cafes } = raict();
    expect(event).toMatchObject({ startsAt: '2026-11-24T23:00:00.000Z', endsAt: '2026-11-26T23:00:00.000Z' });
    expect(cafes).toHaveLength(12);
    expect(new Set(cafes.map(({ startsAt }) => startsAt.slice(0, 10)))).toEqual(new Set(['2026-11-25', '2026-11-26']));
    expect(new Set(cafes.map(({ startsAt }) => startsAt)).size).toBe(4);
    for (const { capacity } of cafes) expect(capacity).toBeGreaterThanOrEqual(12);
    for (const { capacity } of cafes) expect(capacity).toBeLessThanOrEqual(40);
    expect(undated.demonstration.note.fr).toContain('démonstration');
  });

  it('keeps local times on a day when the clocks change', () => {
    // In the night before 25 October 2026, Paris changes from UTC+2 to UTC+1.
    const cafe = demonstrationProgramme(undated, new Date('2026-10-24T12:00:00Z')).cafes[0];
    expect(cafe?.startsAt).toBe('2026-10-25T09:00:00.000Z');
  });
});

describe('a programme', () => {
  let testDatabase: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = openDatabase({ url: testDatabase.url, connectionsMax: 4, applicationName: 'programme-spec' });
  });

  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  it('is loaded once, and loading it again changes nothing', async () => {
    const first = await loadProgramme(database, raict());
    expect(first.differences).toHaveLength(15);
    const everything = () =>
      database.pool.query(
        'select e.xmin as e, r.xmin as r, c.xmin as c, l.xmin as l from event e, room r, cafe c, programme_load l order by c.id, r.id',
      );
    const before = (await everything()).rows;
    expect(await loadProgramme(database, raict())).toEqual({ eventId: first.eventId, differences: [] });
    expect((await everything()).rows).toEqual(before);
  });

  it('is shown in the requested language', async () => {
    const programme = new Programme(database);
    const event = await programme.event({ slug: 'raict-2024' });
    const cafe = (await programme.programmeOf(event?.id as string))?.cafes.find(({ code }) => code === '5');
    const counts = {
      cafeId: cafe?.id as string,
      version: 1,
      capacity: 40,
      taken: 1,
      free: 39,
      waitlisted: 0,
      present: 0,
    };
    const seats = { ...counts, state: 'open', waitlistOpen: true, settingsVersion: 2 };
    expect(localiseCafe(cafe as NonNullable<typeof cafe>, 'en', seats)).toMatchObject({
      title: 'Local authorities and NGOs as partners in energy access projects',
      speakers: [{ name: 'Sonia Zdorovtzoff', organisation: 'Ville de Lyon' }, {}, {}, { role: 'technical adviser' }],
      capacity: 40,
      version: 3,
      seats: counts,
    });
  });

  it('with errors is refused as a whole, and each error has its path', async () => {
    const wrong = raict();
    const [first, second, third, fourth] = wrong.cafes as [
      ProgrammeDocument['cafes'][number],
      ProgrammeDocument['cafes'][number],
      ProgrammeDocument['cafes'][number],
      ProgrammeDocument['cafes'][number],
    ];
    wrong.event.slug = 'another';
    first.room = 'nowhere';
    second.endsAt = second.startsAt;
    third.capacity = 121;
    fourth.code = '1';
    const refused = await loadProgramme(database, wrong).catch((error) => error);
    expect(refused).toBeInstanceOf(InvalidProgramme);
    expect((refused as InvalidProgramme).errors.map(({ path }) => path)).toEqual([
      'cafes.0.room',
      'cafes.1.endsAt',
      'cafes.2.capacity',
      'cafes.3.code',
    ]);
    expect(await new Programme(database).event({ slug: 'another' })).toBeUndefined();
  });

  it('of any other shape is refused without an internal error', () => {
    for (const wrong of [null, 7, [], {}, { event: {} }, { ...raict(), extra: 1 }, { ...raict(), rooms: [] }])
      expect(checkProgramme(wrong).length).toBeGreaterThan(0);
  });

  it('with characters that Postgres cannot store is refused with the path', () => {
    for (const character of ['\0', '\ud800']) {
      const wrong = raict();
      Object.assign(wrong.cafes[0]?.texts.fr as object, { title: `a${character}b` });
      expect(checkProgramme(wrong).map(({ path }) => path)).toEqual(['cafes.0.texts.fr.title']);
    }
    const wrong = raict();
    wrong.event.startsAt = '0000-01-01T00:00:00Z';
    expect(checkProgramme(wrong).map(({ path }) => path)).toEqual(['event.startsAt']);
  });
});

describe('reading the published document', () => {
  const { programme, doubts } = readProgrammeText(source);
  const draft = new Map(programme.cafes.map((cafe) => [cafe.code, cafe]));

  it('finds the two rooms and the twelve entries with their room, kind, code and title', () => {
    expect(programme.rooms).toEqual(undated.rooms);
    expect(programme.cafes.map(({ code, room, kind, texts }) => [code, room, kind, fold(texts.fr.title)])).toEqual(
      undated.cafes.map(({ code, room, kind, texts }: ProgrammeDocument['cafes'][number]) => [
        code,
        room,
        kind,
        fold(texts.fr?.title ?? ''),
      ]),
    );
  });

  it('finds the hosts as they are written, and reports where the text does not name them in that form', () => {
    expect(draft.get('2')?.hosts).toEqual(['CFSI', 'Guinnée 44', "Ville d'Orvault", 'RRMA Pays-de-la-Loire']);
    expect(draft.get('DCOL')?.hosts).toEqual(['DCOL', 'AFD', 'CDC']);
    const unsure = doubts.filter(({ message }) => message.startsWith('the host')).map(({ message }) => message);
    expect(unsure.join()).toContain('Guinnée 44');
    expect(unsure.join()).not.toContain('Ville d');
  });

  it('finds speakers with role, organisation and pairing, also across a page break', () => {
    const speakers = undated.cafes.find(({ code }: { code: string }) => code === '5').speakers;
    expect(
      draft.get('5')?.speakers.map(({ name, organisation, pair, role }) => [name, organisation, pair, role?.fr]),
    ).toEqual(
      speakers.map((speaker: ProgrammeDocument['cafes'][number]['speakers'][number]) => [
        speaker.name,
        speaker.organisation,
        speaker.pair,
        speaker.role?.fr,
      ]),
    );
    expect(draft.get('7')?.speakers).toMatchObject([{ name: 'Maxime Picard' }]);
  });

  it('finds audience, takeaways, keywords and the agenda with its minutes', () => {
    const first = draft.get('1')?.texts.fr;
    expect(first?.audience).toHaveLength(3);
    expect(first?.takeaways).toHaveLength(3);
    expect(first?.keywords).toEqual(undated.cafes[0].texts.fr.keywords);
    expect(draft.get('DCOL')?.texts.fr.agenda.map(({ minutes }) => minutes)).toEqual([6, 15, 6, undefined]);
    expect(draft.get('DCOL')?.contacts).toEqual([
      { name: 'David-Pierre Giudicelli', email: 'd.giudicelli@cites-unies-france.org' },
    ]);
  });

  it('reports the lines about which it is not sure', () => {
    expect(doubts).toContainEqual(expect.objectContaining({ line: 210, about: 'STAND DCOL' }));
    expect(doubts).toContainEqual(expect.objectContaining({ line: 240, about: 'STAND MEAE' }));
  });

  it('gives the same result with other line ends', () => {
    expect(readProgrammeText(source.replaceAll('\n', '\r\n')).programme).toEqual(programme);
  });

  // The text has four million characters: a reader with quadratic time would take hours instead of seconds.
  it.each([
    ['contact', `Café 1 : T – H\n\nContact : ${'a@'.repeat(2_000_000)}`],
    ['agenda', `Café 1 : T – H\n\nAgenda :\n\n• (${'min '.repeat(1_000_000)}`],
    ['rooms', `${Array.from({ length: 300_000 }, (_, index) => `Salle r${index}\n`).join('')}Café 1 : T – H`],
    ['hosts', `Café 1 : T – ${'h / '.repeat(500_000)}h\n\n${'mot '.repeat(500_000)}`],
  ])('takes time in proportion to the length of its %s', (_what, document) => {
    const before = performance.now();
    expect(readProgrammeText(document).programme.cafes).toHaveLength(1);
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it('refuses a text that is not a programme', () => {
    for (const wrong of ['', 'Bonjour', '\0\x01', 'x'.repeat(5_000_001), 'Salle Étoile 3\n\nrien'])
      expect(() => readProgrammeText(wrong)).toThrow(UnreadableDocument);
  });
});
