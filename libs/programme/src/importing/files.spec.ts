import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import PDFDocument from 'pdfkit';
import { zip } from '../../../../test/support/zip.ts';
import { type Answers, type Assembled, assembleImport, describeFinding, type Finding, readImport } from '../index.ts';

const EXAMPLES = 'libs/programme/src/importing/examples';
const NOW = new Date('2026-12-01T12:00:00Z');
const example = (name: string) => readFileSync(`${EXAMPLES}/${name}`);

interface Made extends Assembled {
  /** The findings in a line each: level, place, sentence. */
  lines: string[];
}

async function made(file: Uint8Array | string, answers: Answers = {}, more: object = {}): Promise<Made> {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const read = await readImport(bytes);
  const assembled = assembleImport(read, { answers, locale: 'fr', fileName: 'programme.txt', now: NOW, ...more });
  return { ...assembled, lines: assembled.findings.map(lineOf) };
}

function lineOf(finding: Finding): string {
  const { row, column, line, path, about } = finding.place;
  const place = row ? `row ${row} ${column ?? ''}` : line ? `line ${line}` : (path ?? about ?? 'document');
  return `${finding.level} ${place.trim()}: ${describeFinding(finding, 'en')}`;
}

/** The entries in a line each: code, room, local times, title. */
function table({ entries }: Assembled): string[] {
  const clock = (instant?: string) =>
    instant && new Date(instant).toLocaleString('sv-SE', { timeZone: 'Europe/Paris' }).slice(0, 16);
  return entries.map(({ code, room, startsAt, endsAt, title }) =>
    [code, room, clock(startsAt), clock(endsAt), title].join(' | '),
  );
}

describe('frab-one-id-two-rooms.xml', () => {
  const file = () => made(example('frab-one-id-two-rooms.xml'));

  it('gives two entries for one id in two rooms, at the local time', async () => {
    expect(table(await file())).toEqual([
      '997 | Grande Salle | 2027-05-11 09:00 | 2027-05-11 09:45 | Accueil – café offert',
      '101 | Grande Salle | 2027-05-11 10:00 | 2027-05-11 11:30 | Ouvrir les données d’une petite commune',
      '997-2 | Atelier 2 | 2027-05-11 09:00 | 2027-05-11 09:45 | Accueil – café offert',
    ]);
  });

  it('takes the person beside the list of persons, a slug from the title, and no HTML', async () => {
    const { draft, entries } = await file();
    expect(entries.map(({ speakers }) => speakers)).toEqual([
      ['Maïa Le Goff'],
      ['Björn Østergård', 'Anne-Lise O’Neill'],
      [],
    ]);
    expect(draft).toMatchObject({
      event: {
        slug: 'journees-des-communs-des-donnees-2027',
        timeZone: 'Europe/Paris',
        endsAt: '2027-05-12T16:00:00.000Z',
      },
      cafes: [
        { language: 'fr', sourceId: '997@Grande Salle' },
        { texts: { fr: { summary: 'Trois communes de moins de 2 000 habitants racontent.' } } },
        { language: 'fr', sourceId: '997@Atelier 2' },
      ],
    });
  });

  it('warns of what it assumed, and asks for the seats of each room', async () => {
    expect((await file()).lines).toEqual([
      'error Grande Salle: how many seats has the room “Grande Salle”?',
      'error Atelier 2: how many seats has the room “Atelier 2”?',
      'warning schedule.day.0.room.0.event.0: the id 997 stands in several rooms: the entries are told apart by their room (Grande Salle)',
      'warning schedule.day.0.room.1.event.0: the id 997 stands in several rooms: the entries are told apart by their room (Atelier 2)',
      expect.stringMatching(/^warning document: times that end in “Z” .*: 3; .*Europe\/Paris/),
      expect.stringMatching(/^warning document: entries without a host/),
      'warning schedule.day.0.room.1.event.0: entries without a language: 1; “fr” was assumed',
      'warning schedule.day.0.room.0.event.1: texts with HTML: 1; it was removed',
    ]);
  });

  it('believes Z where a person says so, and loads once the seats are known', async () => {
    const answers = { 'defaults.zulu': 'utc', 'rooms.grande-salle.capacity': 200, 'rooms.atelier-2.capacity': 30 };
    const { document, findings } = await made(example('frab-one-id-two-rooms.xml'), answers);
    expect(findings.filter(({ blocks }) => blocks)).toEqual([]);
    expect(document?.cafes.map(({ startsAt, capacity }) => [startsAt, capacity])).toEqual([
      ['2027-05-11T09:00:00.000Z', 200],
      ['2027-05-11T10:00:00.000Z', 200],
      ['2027-05-11T09:00:00.000Z', 30],
    ]);
  });

  it('finds both entries of the id again in a second import', async () => {
    const answers = { 'rooms.grande-salle.capacity': 200, 'rooms.atelier-2.capacity': 30 };
    const { document: existing } = await made(example('frab-one-id-two-rooms.xml'), answers);
    // An organiser gave them other codes and more seats meanwhile.
    for (const [index, cafe] of (existing?.cafes ?? []).entries())
      Object.assign(cafe, { code: `x${index}`, capacity: 7 });
    const second = await made(example('frab-one-id-two-rooms.xml'), {}, { existing });
    expect(second.document?.cafes.map(({ code, sourceId, capacity }) => [code, sourceId, capacity])).toEqual([
      ['x0', '997@Grande Salle', 7],
      ['x1', '101@Grande Salle', 7],
      ['x2', '997@Atelier 2', 7],
    ]);
  });
});

describe('pretalx-rooms-one-guid.json', () => {
  const file = (answers?: Answers) => made(example('pretalx-rooms-one-guid.json'), answers);

  it('gives two rooms by their names, the instants of the offsets, and the ids of the entries', async () => {
    const read = await file();
    expect(table(read)).toEqual([
      'AB12CD | Salle Jaurès | 2027-06-03 14:00 | 2027-06-03 15:00 | Financer un projet de coopération',
      'EF34GH | Salle Hugo | 2027-06-03 14:30 | 2027-06-03 15:15 | Table ronde : l’eau en partage',
    ]);
    expect(read.draft).toMatchObject({
      event: { slug: 'demo27', timeZone: 'Europe/Paris' },
      rooms: [{ name: 'Salle Jaurès' }, { name: 'Salle Hugo', capacity: 40 }],
      cafes: [
        { sourceId: '7b6a9d0e-0f7c-5a52-9b55-6ad2a2f6b001', speakers: [{ name: 'Fatou N’Diaye' }] },
        { sourceId: '7b6a9d0e-0f7c-5a52-9b55-6ad2a2f6b002', capacity: 40 },
      ],
    });
  });

  it('asks for the seats of one room, once, and names the zone that cannot be', async () => {
    const { lines, findings } = await file();
    expect(lines.filter((each) => each.startsWith('error'))).toEqual([
      'error Salle Jaurès: how many seats has the room “Salle Jaurès”?',
    ]);
    expect(lines).toContainEqual(expect.stringMatching(/^warning .* time zone is UTC, .*: Europe\/Paris was assumed/));
    expect(findings[0]?.fields).toEqual([{ path: 'rooms.salle-jaures.capacity', type: 'number' }]);
    expect((await file({ 'rooms.salle-jaures.capacity': 60 })).document?.cafes[0]?.capacity).toBe(60);
  });
});

describe('programme-windows-1252.csv', () => {
  const file = (answers?: Answers, more?: object) => made(example('programme-windows-1252.csv'), answers, more);

  it('gives the rows with their letters, dates and times', async () => {
    expect(table(await file())).toEqual([
      '2 | Salle du Conseil | 2027-05-11 09:00 | 2027-05-11 09:45 | Accueil des élus',
      '3 | Salle du Conseil | 2027-05-11 10:00 | 2027-05-11 11:15 | "L’eau" : un bien commun – 1ère partie',
      '4 | Salle 2 |  |  | Déjeuner',
      '5 | Salle 2 | 2027-05-11 14:30 |  | Jumelages : et après ?',
      '6 | Salle 2 |  |  | Atelier budget',
      '7 | Salle 3 | 2027-05-11 15:00 |  | Atelier climat',
      '9 | Salle du Conseil | 2027-05-11 23:30 | 2027-05-12 00:00 | Nuit des jumelages',
    ]);
  });

  it('splits speakers at commas, keeps a formula as text, and reads “24 pl.” and “-”', async () => {
    const { entries, draft } = await file();
    expect(entries.map(({ speakers }) => speakers)).toEqual([
      ['Mme Hélène Lefèvre', 'M. Éric Nuñez'],
      ['Dr. Aïcha Benoît'],
      [],
      ['=HYPERLINK("http://example.org"'],
      ['Zoé Ñandú'],
      [],
      [],
    ]);
    expect((draft as { rooms: object[] }).rooms).toEqual([
      { code: 'salle-du-conseil', name: 'Salle du Conseil', capacity: 80 },
      { code: 'salle-2', name: 'Salle 2', capacity: 24 },
      { code: 'salle-3', name: 'Salle 3', capacity: 12 },
    ]);
  });

  it('names each error with its row and column', async () => {
    const { lines, findings } = await file();
    expect(lines.filter((each) => each.startsWith('error'))).toEqual([
      'error row 4 Début: “0:00 p.m.”: noon or midnight?',
      'error row 5: the row has 10 cells for 9 columns: does a cell contain the delimiter?',
      'error row 5 Fin: “tbd” is not a time',
      'error row 5 Places: “"clic")” is not a number',
      'error row 6 Jour: “12/13/2027” is not a date: the day stands before the month',
      'error row 7: ends at 14:00, before it starts at 15:00',
    ]);
    expect(lines).toContain('warning row 5 Intervenant(s): the formula was taken as text');
    expect(lines).toContainEqual(expect.stringMatching(/^warning document: .*Windows-1252/));
    expect(findings.every(({ level, blocks }) => blocks === (level === 'error'))).toBe(true);
  });

  it('offers the column without a name, and reads it once it is mapped', async () => {
    const read = await readImport(example('programme-windows-1252.csv'));
    if (read.form !== 'table') throw new Error('no table');
    expect(read.table.columns[7]).toEqual({ heading: '', letters: 'H', examples: ['x', '-'] });
    const mapping = ['day', 'start', 'end', 'room', 'title', 'speakers', 'seats', 'keywords', null];
    const { draft } = await file({}, { mapping });
    expect((draft as { cafes: object[] }).cafes[1]).toMatchObject({ texts: { fr: { keywords: ['x'] } } });
  });

  it('is loaded once each row is set right or left out', async () => {
    const { document, lines } = await file({
      'entries.4.start': '12:00',
      'entries.5.skip': true,
      'entries.6.day': '2027-05-11',
      'entries.7.end': '16h',
      'defaults.host': 'Ville',
    });
    expect(lines.filter((each) => each.startsWith('error'))).toEqual([]);
    expect(document?.cafes.map(({ code, startsAt, endsAt }) => [code, startsAt, endsAt])).toEqual([
      ['2', '2027-05-11T07:00:00.000Z', '2027-05-11T07:45:00.000Z'],
      ['3', '2027-05-11T08:00:00.000Z', '2027-05-11T09:15:00.000Z'],
      ['4', '2027-05-11T10:00:00.000Z', '2027-05-11T11:30:00.000Z'],
      ['6', '2027-05-11T08:00:00.000Z', '2027-05-11T09:00:00.000Z'],
      ['7', '2027-05-11T13:00:00.000Z', '2027-05-11T14:00:00.000Z'],
      ['9', '2027-05-11T21:30:00.000Z', '2027-05-11T22:00:00.000Z'],
    ]);
  });

  it('is not loaded by an answer that cannot be read', async () => {
    const { lines } = await file({ 'entries.4.start': 'soon', 'entries.6.day': '12/13/2027' });
    expect(lines.filter((each) => /^error row [46]/.test(each))).toHaveLength(2);
  });
});

describe('frab-day-ends-at-four.xml', () => {
  const file = () => made(example('frab-day-ends-at-four.xml'));

  it('keeps the night with its day, over the change of the clocks', async () => {
    const read = await file();
    expect(table(read)).toEqual([
      '1 | Hall A | 2027-03-27 23:30 | 2027-03-28 00:15 | Avant l’heure d’été',
      '2 | Hall A | 2027-03-28 01:30 | 2027-03-28 03:30 | À cheval sur le changement d’heure',
      '3 | Hall A | 2027-03-28 03:15 | 2027-03-28 03:45 | Au petit matin',
      '4 | Hall A | 2027-03-27 19:00 |  | Durée impossible',
    ]);
    expect(read.entries.map(({ day }) => day)).toEqual(['2027-03-27', '2027-03-27', '2027-03-27', '2027-03-27']);
    expect(read.draft).toMatchObject({ cafes: [{ sourceId: '-9f1c0c8a' }, {}, {}, {}] });
  });

  it('takes a duration of days as too long, without a crash', async () => {
    const { lines } = await file();
    expect(lines.filter((each) => each.startsWith('error'))).toEqual([
      'error schedule.day.0.room.0.event.3: lasts 166668 hours: longer than a day',
      'error Hall A: how many seats has the room “Hall A”?',
    ]);
  });
});

describe('programme-commune.txt', () => {
  const expected = [
    'TABLE-RONDE-1 | Salle du Conseil | 2027-03-11 09:00 | 2027-03-11 09:45 | Accueillir des jeunes en service civique international',
    'TABLE-RONDE-2 | Salle du Conseil | 2027-03-11 10:00 | 2027-03-11 11:15 | L’eau et l’assainissement',
    'ATELIER-A | Salon vert | 2027-03-11 09:00 | 2027-03-11 09:45 | Écrire son premier projet',
    'TABLE-RONDE-3 | Salle du Conseil | 2027-03-11 14:30 |  | Jumelages, et après ?',
    'ATELIER-B | Salon vert | 2027-03-11 14:30 | 2027-03-11 16:00 | Budget et cofinancements',
    'CLOTURE | Salon vert | 2027-03-11 16:30 |  | Clôture et verre de l’amitié',
  ];
  const text = example('programme-commune.txt').toString();
  const codes = ({ findings }: Assembled) =>
    findings.map(({ level, code, blocks }) => `${level} ${code}${blocks ? ' !' : ''}`);
  const doubts = [
    'doubt end-missing !',
    'doubt end-missing !',
    'doubt day-of-text',
    'doubt text-remark',
    'doubt text-speakers-unconfirmed',
    'doubt text-room-unsure',
  ];

  it('gives six entries with rooms, seats and fields, and the date of the text', async () => {
    const read = await made(text);
    expect(table(read)).toEqual(expected);
    expect(read.draft).toMatchObject({
      event: { title: { fr: 'ASSISES DE LA COOPÉRATION DÉCENTRALISÉE – PROGRAMME PRÉVISIONNEL' } },
      rooms: [{ capacity: 80 }, { capacity: 25 }],
      cafes: [
        {
          hosts: ['Ville de Vaugirard-sur-Loue'],
          speakers: [
            { name: 'Hélène Lefèvre', organisation: 'Ville de Vaugirard-sur-Loue' },
            { name: 'Éric Nuñez', role: { fr: 'adjoint au maire' } },
            { name: 'Aïcha Benoît', organisation: 'Association Les Deux Rives' },
          ],
          texts: { fr: { keywords: ['jeunesse', 'mobilité'] } },
        },
        { speakers: [] },
        { texts: { fr: { audience: ['agents des petites communes'] } } },
        {},
        { texts: { fr: { takeaways: ['savoir lire un appel à projets', 'bâtir un plan de financement'] } } },
        {},
      ],
    });
  });

  it('asks for missing ends, and doubts what is not sure, each with its passage and its field', async () => {
    const read = await made(text);
    expect(codes(read).filter((each) => each.startsWith('doubt'))).toEqual(doubts);
    const [table3, closing, , complet, speakers, room] = read.findings;
    expect([table3, closing].map((each) => each?.fields[0]?.path)).toEqual(['entries.4.end', 'entries.6.end']);
    expect(table3?.place).toMatchObject({ line: 33, passage: expect.stringContaining('14h30 Table ronde n° 3') });
    expect(complet?.place.passage).toBe('(complet)');
    expect(speakers).toMatchObject({
      place: { passage: 'Intervenants : à confirmer' },
      fields: [{ path: 'entries.2.speakers' }],
    });
    expect(room).toMatchObject({ fields: [{ path: 'entries.6.room', value: 'Salon vert' }] });
  });

  it('is loaded once the ends and the room are set', async () => {
    const answers = { 'entries.4.end': '15h30', 'entries.6.end': '17:00', 'entries.6.room': 'Salle du Conseil' };
    const { document } = await made(text, answers);
    expect(document?.cafes.map(({ code, room, endsAt }) => [code, room, endsAt]).slice(3)).toEqual([
      ['TABLE-RONDE-3', 'salle-du-conseil', '2027-03-11T14:30:00.000Z'],
      ['ATELIER-B', 'salon-vert', '2027-03-11T15:00:00.000Z'],
      ['CLOTURE', 'salle-du-conseil', '2027-03-11T16:00:00.000Z'],
    ]);
  });

  it('gives the same as a PDF, with the page of each doubt', async () => {
    const read = await made(await pdf(text));
    expect(table(read)).toEqual(expected);
    expect(codes(read).filter((each) => each.startsWith('doubt'))).toEqual(doubts);
    expect(read.findings.map(({ place }) => place.page).slice(0, 2)).toEqual([2, 2]);
  });

  it('gives the same as a Word document', async () => {
    const read = await made(docx(text));
    expect(table(read)).toEqual(expected);
    expect(codes(read).filter((each) => each.startsWith('doubt'))).toEqual(doubts);
  });
});

describe('the programme of RAICT 2024, a text without times', () => {
  const text = readFileSync('prisma/programme/source/raict-2024.txt', 'utf8');
  const rooms = { 'rooms.salle-etoile-3.capacity': 120, 'rooms.salle-longchamp.capacity': 60 };

  it('asks once for day, start and duration, and for the seats of each room', async () => {
    const { lines } = await made(text);
    expect(lines.filter((each) => each.startsWith('error'))).toEqual([
      'error document: entries without a time: 12; give the day, the start and the duration',
      'error Salle Étoile 3: how many seats has the room “Salle Étoile 3”?',
      'error Salle Longchamp: how many seats has the room “Salle Longchamp”?',
    ]);
  });

  it('gives every entry that time, or one after another in each room', async () => {
    const answers = { ...rooms, 'defaults.day': '2027-05-11', 'defaults.start': '9h30', 'defaults.minutes': 30 };
    const together = await made(text, answers);
    expect(new Set(together.document?.cafes.map(({ startsAt }) => startsAt))).toEqual(
      new Set(['2027-05-11T07:30:00.000Z']),
    );
    const apart = await made(text, { ...answers, 'defaults.order': 'one-after-another' });
    const starts = apart.document?.cafes.map(({ room, startsAt }) => `${room} ${startsAt.slice(11, 16)}`);
    expect(starts).toHaveLength(12);
    expect(new Set(starts).size).toBe(12);
    expect(starts?.slice(0, 3)).toEqual(['salle-etoile-3 07:30', 'salle-etoile-3 08:00', 'salle-etoile-3 08:30']);
  });
});

/** The lines of a text on pages, broken where the text breaks pages; an empty line is a gap. */
function pdf(text: string): Promise<Buffer> {
  const document = new PDFDocument({ size: 'A4', margin: 40 });
  document
    .registerFont('plain', 'node_modules/@fontsource/source-sans-3/files/source-sans-3-latin-400-normal.woff')
    .font('plain');
  const chunks: Buffer[] = [];
  const end = new Promise<Buffer>((resolve) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)));
  });
  for (const [index, page] of text.split('\f').entries()) {
    if (index > 0) document.addPage();
    page.split('\n').forEach((line, row) => {
      const words = line.trimStart();
      if (words)
        document.fontSize(9).text(words, 40 + (line.length - words.length) * 4, 40 + row * 14, { lineBreak: false });
    });
  }
  document.end();
  return end;
}

function docx(text: string): Buffer {
  const escaped = (line: string) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const paragraphs = text
    .split(/[\n\f]/)
    .map((line) => `<w:p><w:r><w:t xml:space="preserve">${escaped(line.trim())}</w:t></w:r></w:p>`);
  return zip({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    '_rels/.rels':
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/document.xml': `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${paragraphs.join('')}</w:body></w:document>`,
  });
}
