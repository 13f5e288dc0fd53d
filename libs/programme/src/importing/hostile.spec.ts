import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import PDFDocument from 'pdfkit';
import { zip } from '../../../../test/support/zip.ts';
import { assembleImport, readImport } from '../index.ts';
import { htmlToText } from './html-text.ts';
import { readClock, readDay, readDuration } from './times.ts';

const NOW = new Date('2026-12-01T12:00:00Z');
const bytes = (text: string) => Buffer.from(text);

async function made(file: Uint8Array) {
  return assembleImport(await readImport(file), { locale: 'fr', fileName: 'p', now: NOW });
}

/** A workbook with one sheet, as a program writes it that has no library of styles. */
function workbook(sheet: string, styles = ''): Buffer {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return zip({
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="Programme" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="200" formatCode="hh:mm"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="200"/></cellXfs>${styles}</styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}">${sheet}</worksheet>`,
  });
}

const text = (at: string, value: string) => `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;

describe('a workbook', () => {
  const heading = ['Date', 'Begin', 'End', 'Room', 'Title', 'Seats'].map((each, index) =>
    text(`${'ABCDEF'[index]}2`, each),
  );
  const sheet = `<sheetData>
    <row r="1">${text('A1', 'Programme')}</row>
    <row r="2">${heading.join('')}</row>
    <row r="3"><c r="A3" s="1"><v>46518</v></c><c r="B3" s="2"><v>0.375</v></c><c r="C3" s="2"><v>0.40625</v></c>${text('D3', 'Hall')}${text('E3', 'Water')}<c r="F3"><v>20</v></c></row>
    <row r="4"><c r="B4" s="2"><v>0.9791666666</v></c><c r="C4" s="2"><v>1</v></c>${text('D4', 'Hall')}<c r="E4" t="str"><f>CONCATENATE("A","ir")</f><v>Air</v></c><c r="F4"><f>10+5</f><v>15</v></c></row>
    <row r="6">${text('A6', '12.05.2027')}${text('B6', '9 Uhr')}${text('C6', '10:30')}${text('D6', 'Hall')}${text('E6', 'Earth')}${text('F6', '12 pl.')}</row>
  </sheetData><mergeCells count="1"><mergeCell ref="A3:A4"/></mergeCells>`;

  it('has its heading below a title, dates and times of cells, merged cells, and results of formulas', async () => {
    const { entries, findings } = await made(workbook(sheet));
    expect(
      entries.map(({ key, title, startsAt, endsAt, capacity }) => [key, title, startsAt, endsAt, capacity]),
    ).toEqual([
      ['3', 'Water', '2027-05-11T07:00:00.000Z', '2027-05-11T07:45:00.000Z', 20],
      ['4', 'Air', '2027-05-11T21:30:00.000Z', '2027-05-11T22:00:00.000Z', 15],
      ['6', 'Earth', '2027-05-12T07:00:00.000Z', '2027-05-12T08:30:00.000Z', 12],
    ]);
    expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['merged-cells', 'formula-values']));
  });

  it('that unpacks to more than 100 MB, or says that it does not, is refused before it is parsed', async () => {
    const bomb = zip({ 'xl/workbook.xml': '<workbook/>', 'xl/worksheets/sheet1.xml': Buffer.alloc(101_000_000, ' ') });
    await expect(readImport(bomb)).rejects.toThrow(/larger than 100 MB once it is unpacked/);
    // Its directory says that the sheet is small.
    bomb.writeUInt32LE(10, bomb.lastIndexOf('PK\x01\x02') + 24);
    await expect(readImport(bomb)).rejects.toThrow(/larger than 100 MB once it is unpacked/);
    const entries = Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`xl/${index}`, '']));
    await expect(readImport(zip({ 'xl/workbook.xml': '', ...entries }))).rejects.toThrow(/more than 2000 entries/);
  });

  it('that is damaged or has a password is told so', async () => {
    const file = workbook(sheet);
    await expect(readImport(file.subarray(0, file.length - 40))).rejects.toThrow(/archive inside the file is damaged/);
    const locked = Buffer.from(file);
    locked.writeUInt16LE(1, locked.indexOf('PK\x01\x02') + 8);
    await expect(readImport(locked)).rejects.toThrow(/protected by a password/);
  });
});

describe('a hostile file', () => {
  it('of more than 10 MB is refused before it is looked at', async () => {
    await expect(readImport(Buffer.alloc(10_000_001))).rejects.toThrow(/larger than 10 MB/);
  });

  it('in XML with entities of its own is refused: none is expanded, none read', async () => {
    const declared = (entity: string) => `<?xml version="1.0"?><!DOCTYPE s [${entity}]><schedule><day/></schedule>`;
    for (const entity of ['<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">', '<!ENTITY x SYSTEM "file:///etc/passwd">', ''])
      await expect(readImport(bytes(declared(entity)))).rejects.toThrow(/DOCTYPE or entities of its own/);
  });

  it('in XML with many references to characters is read', async () => {
    const title = '&amp;&#233;&lt;'.repeat(80);
    const event = (id: number) =>
      `<event id="${id}"><date>2027-05-11T09:00:00+02:00</date><duration>0:30</duration><title>${title}</title></event>`;
    const xml = `<schedule><conference><title>a</title></conference><day><room name="A">${Array.from({ length: 50 }, (_, id) => event(id + 1)).join('')}</room></day></schedule>`;
    const { entries } = await made(bytes(xml));
    expect(entries[49]?.title).toBe('&é<'.repeat(80));
  });

  it('in YAML whose parts repeat each other without end is refused', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
    );
    await expect(readImport(bytes(`event:\n  a: &l0 [x]\n${levels.join('\n')}`))).rejects.toThrow(/not valid YAML/);
  });

  it('that is a scan in a PDF is told so', async () => {
    const document = new PDFDocument({ size: 'A4' });
    const chunks: Buffer[] = [];
    const end = new Promise((resolve) => document.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', resolve));
    document.rect(0, 0, 500, 700).fill('#ddd').end();
    await end;
    await expect(readImport(Buffer.concat(chunks))).rejects.toThrow(/The PDF is a scan/);
  });

  it('in PDF, DOCX or XLSX that is cut off or made up is refused, and nothing else happens', async () => {
    for (const file of [
      bytes('%PDF-1.7\nnothing'),
      zip({ 'word/document.xml': '<w:document' }),
      zip({ 'xl/workbook.xml': '<a>' }),
      Buffer.concat([bytes('PK\x03\x04word/document.xml'), deflateRawSync('x')]),
    ])
      await expect(readImport(file)).rejects.toMatchObject({ name: 'UnreadableDocument' });
  });

  it('with HTML in any text gives text', async () => {
    const csv =
      'Titre;Salle;Début;Durée;Intervenants;Jour;Places\n"<b>Eau</b> &amp; <i onclick=x>air</i>";<u>A</u>;9h;30;<script>x</script>Zoé;11/05/2027;8';
    const { entries } = await made(bytes(csv));
    expect(entries).toMatchObject([{ title: 'Eau & air', room: 'A', speakers: ['Zoé'] }]);
  });
});

describe('a table', () => {
  const rows = (separator: string, ...lines: string[]) =>
    lines.map((each) => each.replaceAll('|', separator)).join('\n');
  const lines = [
    'Título|Sala|Inicio|Fin|Día|Plazas|id',
    'Agua|Norte|9:00|10:00|11.05.2027|8|a1',
    'Aire|Norte|10:00|11:00||9|a2',
  ];

  it.each([';', ',', '\t', '|'])('has its cells between “%s”', async (separator) => {
    const { entries } = await made(bytes(rows(separator, ...lines)));
    expect(entries.map(({ title, startsAt, capacity }) => [title, startsAt, capacity])).toEqual([
      ['Agua', '2027-05-11T07:00:00.000Z', 8],
      ['Aire', '2027-05-11T08:00:00.000Z', 9],
    ]);
  });

  it('in UTF-16 or with a byte order mark gives the same', async () => {
    const table = rows('\t', ...lines);
    const plain = await made(bytes(table));
    for (const file of [
      Buffer.from(`\ufeff${table}`, 'utf16le'),
      Buffer.from(`\ufeff${table}`, 'utf16le').swap16(),
      bytes(`\ufeff${table}`),
    ])
      expect((await made(file)).entries).toEqual(plain.entries);
  });

  it('takes a missing date from the row above, and says so', async () => {
    const { findings } = await made(bytes(rows(';', ...lines)));
    expect(findings).toContainEqual(
      expect.objectContaining({ level: 'doubt', code: 'value-from-above', values: { rows: 1 } }),
    );
  });

  it('asks for the date, where no row has one', async () => {
    const { findings } = await made(bytes('Titre;Salle;Horaire;Places\nEau;A;9h00 - 10h00;8\nAir;A;10h à 11h;8'));
    expect(findings[0]).toMatchObject({
      code: 'no-day',
      blocks: true,
      fields: [{ path: 'defaults.day', type: 'date' }],
    });
  });
});

describe('times of day, days and durations', () => {
  it.each([
    ['9h00', '09:00'],
    ['9 h', '09:00'],
    ['09:05', '09:05'],
    ['9.30', '09:30'],
    ['10:00:00', '10:00'],
    ['2:30 pm', '14:30'],
    ['12 a.m.', '00:00'],
    ['12:15 p.m.', '12:15'],
    ['14 Uhr', '14:00'],
    ['24:00', '24:00'],
    ['midi', '12:00'],
  ])('reads the time “%s”', (text, clock) => {
    expect(readClock(text)).toEqual({ clock });
  });

  it.each([
    ['tbd', 'unread'],
    ['25:00', 'unread'],
    ['24:01', 'unread'],
    ['9:61', 'unread'],
    ['9', 'unread'],
    ['0:00 p.m.', 'noon-or-midnight'],
    ['minuit', 'noon-or-midnight'],
  ])('does not guess the time “%s”', (text, fault) => {
    expect(readClock(text)).toEqual({ fault });
  });

  it.each([
    ['11/05/27', '2027-05-11'],
    ['11.5.2027', '2027-05-11'],
    ['2027-05-11', '2027-05-11'],
    ['2027-05-11T09:00', '2027-05-11'],
    ['mardi 11 mai 2027', '2027-05-11'],
    ['1er juin 2027', '2027-06-01'],
    ['11 de mayo de 2027', '2027-05-11'],
    ['Dienstag, 11. Mai 2027', '2027-05-11'],
    ['11 July 2027', '2027-07-11'],
    ['3 août 2027', '2027-08-03'],
  ])('reads the day “%s”', (text, day) => {
    expect(readDay(text)).toEqual({ day });
  });

  it('reads no day that is none, and none by its month first unless told to', () => {
    expect([readDay('31/02/2027'), readDay('12/13/2027'), readDay('demain')]).toEqual([
      { fault: 'unread' },
      { fault: 'month-first' },
      { fault: 'unread' },
    ]);
    expect(readDay('12/13/2027', { monthFirst: true })).toEqual({ day: '2027-12-13' });
  });

  it('reads durations', () => {
    const texts = ['00:45', '1:30', '0:00:30', '6944:11:40', 'PT1H30M', '45', '45 min', '1h30', '1:2', 'x'];
    expect(texts.map(readDuration)).toEqual([45, 90, 30, 10_000_060, 90, 45, 45, 90, undefined, undefined]);
  });
});

describe('HTML as text', () => {
  it.each([
    ['a < b and c > d', 'a < b and c > d'],
    ['R&D &amp; more', 'R&D &amp; more'],
    ['<p>One</p><p>Two&nbsp;&eacute;</p>', 'One\nTwo\u00a0é'],
    ['<ul><li>a</li><li>b</li></ul>', '• a\n• b'],
    ['x<script>alert(1)</script>y', 'xy'],
    ['x<!-- y -->z', 'xz'],
    ['<img src=x onerror=alert(1)>x', 'x'],
    ['a<br/>b', 'a\nb'],
  ])('%s', (html, expected) => {
    expect(htmlToText(html)).toBe(expected);
  });
});
