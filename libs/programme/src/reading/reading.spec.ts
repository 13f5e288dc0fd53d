import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  checkProgramme,
  demonstrationProgramme,
  readJsonFile,
  readProgrammeFile,
  readProgrammeText,
} from '../index.ts';

const source = readFileSync('prisma/programme/source/raict-2024.txt', 'utf8');
const bytes = (text: string) => Buffer.from(text);

describe('a text', () => {
  it('gives the same programme in all Unicode forms of its letters and spaces', () => {
    const { programme, doubts } = readProgrammeText(source);
    expect(programme.cafes).toHaveLength(12);
    const forms = [
      source.normalize('NFD'),
      `\ufeff${source}`,
      source.replaceAll('Café 1', 'Cafe\u0301\u00a01'),
      source.replaceAll('Café', 'Ca\u00adfé'),
    ];
    for (const form of forms) expect(readProgrammeText(form)).toEqual({ programme, doubts });
    for (const [name, encoded] of [
      ['utf-16le', Buffer.from(`\ufeff${source}`, 'utf16le')],
      ['utf-16be', Buffer.from(`\ufeff${source}`, 'utf16le').swap16()],
    ] as const)
      expect([name, readProgrammeFile(encoded).programme]).toEqual([name, programme]);
  });

  it('in Windows-1252 is read, and the result reports that the encoding was assumed', () => {
    const { programme, doubts } = readProgrammeFile(Buffer.from('Café 1 : L\x92été \x96 Région\n\nTexte.', 'latin1'));
    expect(programme).toMatchObject({ cafes: [{ code: '1', texts: { fr: { title: 'L’été' } }, hosts: ['Région'] }] });
    expect(doubts[0]).toMatchObject({ line: 1, message: expect.stringContaining('Windows-1252') });
  });

  it.each([
    ['Café n° 2 – Eau – Ville', '2', 'Eau'],
    ['Café n°2 : Eau – Ville', '2', 'Eau'],
    ['CAFÉ Nº 2 — Eau – Ville', '2', 'Eau'],
    ['Cafe no. 2 : Eau – Ville', '2', 'Eau'],
    ['Café #2 : Eau – Ville', '2', 'Eau'],
    ['Café 2. Eau – Ville', '2', 'Eau'],
    ['Café 2) Eau – Ville', '2', 'Eau'],
    ['Café 2 - Eau : un bien commun – Ville', '2', 'Eau : un bien commun'],
    ['Café 2bis : Eau – Ville', '2BIS', 'Eau'],
    ['Stand MEAE – Eau – Ville', 'MEAE', 'Eau'],
    ['Café numéro 2 : Eau – Ville', '2', 'Eau'],
  ])('reads the entry “%s”', (heading, code, title) => {
    const { programme } = readProgrammeText(`Salle 1\n\n${heading}\n\nUn texte sur la Ville.`);
    expect(programme.cafes).toMatchObject([{ code, texts: { fr: { title } }, hosts: ['Ville'] }]);
  });

  it.each([
    'Cafés 2 et 3 : Eau – Ville',
    'Café : Eau',
    'Café n° – Eau',
    'Café deux – Eau',
    '• Café 2 : Eau – Ville',
    '9h30 Café 2 : Eau – Ville',
    'Atelier 2 : Eau',
    'Table ronde n° 3 – Eau',
    'Stand du ministère – Eau',
  ])('reports the line “%s”, which looks like an entry and is not read as one', (line) => {
    const { programme, doubts } = readProgrammeText(`Salle 1\n\nCafé 1 : Air – Ville\n\nTexte.\n\n${line}\n\nTexte.`);
    expect(programme.cafes).toHaveLength(1);
    expect(doubts).toContainEqual({ line: 7, about: line, message: expect.stringContaining('looks like') });
  });

  it('does not take a line that only mentions a Café for an entry', () => {
    const { doubts } = readProgrammeText(source);
    expect(doubts.filter(({ message }) => message.includes('looks like'))).toEqual([]);
  });
});

describe('a timetable', () => {
  // Written for this test, in the layout of programmes that town halls publish.
  const timetable = `
          ASSISES DES VILLES JUMELLES – PROGRAMME
          Jeudi 11 mars 2027
                                                                                  1/2

MATINÉE

Salle du Conseil (80 places)

9 h 00 – 9 h 45  Table ronde n° 1 : Accueillir des jeunes
                 en service civique
                 Animée par Mme Hélène Roy (Ville de Vaugirard)
                 Avec :
                     - M. Éric Nuñez, adjoint au maire ;
                     - Mme Aïcha Benoît, Association Les Rives.
                 Mots clés : jeunesse, mobilité

10h-11h15        Table ronde n°2 – L’eau
                 (complet)
                 Intervenants : à confirmer

Salon vert (25 pl.)

9h00 à 9h45      ATELIER A. Écrire un projet
                 Public : agents des petites communes

Assises des villes jumelles                                                       2/2
\f
APRÈS-MIDI

Salle du Conseil

14h30            Table ronde n° 3 : Jumelages, et après ?

Salon vert

14:30 – 16 h     ATELIER B. Budget
                 Objectifs : savoir lire un appel • bâtir un plan

16h30            Clôture et verre de l’amitié
`;
  const { programme, doubts } = readProgrammeText(timetable);

  it('gives rooms with their seats, and entries with their times, titles and fields', () => {
    expect(programme.rooms).toEqual([
      { code: 'du-conseil', name: 'Salle du Conseil', capacity: 80 },
      { code: 'salon-vert', name: 'Salon vert', capacity: 25 },
    ]);
    expect(
      programme.cafes.map(({ code, room, time, texts }) => [code, room, time?.from, time?.to, texts.fr.title]),
    ).toEqual([
      ['TABLE-RONDE-1', 'du-conseil', '09:00', '09:45', 'Accueillir des jeunes en service civique'],
      ['TABLE-RONDE-2', 'du-conseil', '10:00', '11:15', 'L’eau'],
      ['ATELIER-A', 'salon-vert', '09:00', '09:45', 'Écrire un projet'],
      ['TABLE-RONDE-3', 'du-conseil', '14:30', undefined, 'Jumelages, et après ?'],
      ['ATELIER-B', 'salon-vert', '14:30', '16:00', 'Budget'],
      ['CLOTURE', 'salon-vert', '16:30', undefined, 'Clôture et verre de l’amitié'],
    ]);
    expect(programme.cafes[0]).toMatchObject({
      hosts: ['Ville de Vaugirard'],
      speakers: [
        { name: 'Hélène Roy', organisation: 'Ville de Vaugirard' },
        { name: 'Éric Nuñez', role: { fr: 'adjoint au maire' } },
        { name: 'Aïcha Benoît', organisation: 'Association Les Rives' },
      ],
      texts: { fr: { keywords: ['jeunesse', 'mobilité'] } },
    });
    expect(programme.cafes[2]?.texts.fr.audience).toEqual(['agents des petites communes']);
    expect(programme.cafes[4]?.texts.fr.takeaways).toEqual(['savoir lire un appel', 'bâtir un plan']);
  });

  it('reports with its line each part that is missing, not sure or left out', () => {
    expect(doubts.map(({ line, about, message }) => `${line} ${about}: ${message}`)).toEqual([
      expect.stringContaining('1 document: dates'),
      expect.stringContaining('2 ASSISES DES VILLES'),
      expect.stringContaining('3 Jeudi 11 mars 2027'),
      expect.stringContaining('19 Table ronde n°2: “(complet)”'),
      '20 Table ronde n°2: the speakers are not confirmed',
      '33 Table ronde n° 3: no end is given',
      '40 Clôture et verre de l’amitié: no end is given',
      expect.stringContaining('40 Clôture et verre de l’amitié: the room is not sure'),
    ]);
  });
});

describe('a file of another kind', () => {
  /** The head of an archive whose first part has this name. */
  const zip = (name: string) => bytes(`PK\x03\x04\x14\0\0\0${name}`);

  it.each([
    ['a PDF', bytes('%PDF-1.7\n')],
    ['a Word document (DOCX)', zip('word/document.xml')],
    ['an Excel workbook (XLSX)', zip('xl/workbook.xml')],
    ['a ZIP archive', zip('x.txt')],
    ['an Office document of before 2007 (DOC or XLS)', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
    ['an RTF document', bytes('{\\rtf1 x}')],
    ['a picture', Buffer.from('89504e470d0a1a0a', 'hex')],
    ['a schedule in XML (frab, pretalx)', bytes('<?xml version="1.0"?>\n<!-- x -->\n<schedule><day/></schedule>')],
    ['a schedule in JSON (frab, pretalx)', bytes('{"$schema": "x", "schedule": {"version": "1"}}')],
    ['a web page (HTML)', bytes('<!DOCTYPE html><html></html>')],
    ['an XML file', bytes('<?xml version="1.0"?><programme/>')],
    ['a calendar (iCalendar)', bytes('BEGIN:VCALENDAR\r\n')],
    ['a table (CSV)', bytes('titre;salle;places\nEau;1;20\nAir;2;20\n')],
    ['a table (CSV)', Buffer.from('\ufeffnom\tville\tâge\nA\tB\tC\n', 'utf16le')],
    ['a YAML file', bytes('event:\n  slug: x\n')],
    ['not a text', Buffer.from([1, 0, 2, 3])],
    ['empty', bytes(' \n')],
  ])('is reported as %s', (kind, file) => {
    expect(() => readProgrammeFile(file)).toThrow(`The file is ${kind}.`);
    expect(() => readJsonFile(file)).toThrow(`The file is ${kind}, not a programme in JSON.`);
  });

  it('is reported as a text, from which a draft can be made', () => {
    expect(() => readJsonFile(bytes(source))).toThrow(/The file is a text, not .* command read/);
  });
});

describe('a file in JSON', () => {
  it('may begin with a byte order mark, and may be encoded in UTF-16', () => {
    const text = '\ufeff{"slug": "été"}';
    for (const file of [bytes(text), Buffer.from(text, 'utf16le')])
      expect(readJsonFile(file)).toEqual({ document: { slug: 'été' }, errors: [] });
    expect(() => readJsonFile(Buffer.from('{"slug": "\xe9"}', 'latin1'))).toThrow('not in UTF-8');
  });

  it('with a syntax error is reported with the line', () => {
    expect(() => readJsonFile(bytes('{\n  "a": 1,\n  b\n}'))).toThrow(/not valid JSON: .*line 3/);
  });

  it('is reported with each duplicate name of an object, with its path and line', () => {
    const file = bytes(`{
      "event": {"slug": "a:\\"{", "title": {"fr": 1, "\\u0066r": 2}},
      "cafes": [{"code": "1"}, {"code": "2", "hosts": ["x", {}],
        "code": "3"}],
      "event": [[], {"a": 1}, {"a": 1}]
    }`);
    expect(readJsonFile(file).errors).toEqual([
      { path: 'event.title.fr', message: 'stands twice in one object (line 2)' },
      { path: 'cafes.1.code', message: 'stands twice in one object (line 4)' },
      { path: 'event', message: 'stands twice in one object (line 5)' },
    ]);
  });
});

describe('a document', () => {
  const undated = JSON.parse(readFileSync('prisma/programme/raict-2024.json', 'utf8'));
  const raict = () => demonstrationProgramme(undated, new Date('2026-11-24T12:00:00Z'));

  /** The errors after a change, as path and message. */
  function errorsAfter(change: (document: ReturnType<typeof raict>) => void) {
    const document = raict();
    change(document);
    return checkProgramme(document).map(({ path, message }) => `${path}: ${message}`);
  }

  it.each([
    'EST',
    'CET',
    'UTC',
    'GMT',
    'Etc/GMT+2',
    '+02:00',
    '',
    'Paris',
    'Europe/Nowhere',
    'europe/paris',
    'us/pacific',
  ])('is refused with the time zone “%s”', (timeZone) => {
    expect(
      errorsAfter(({ event }) => {
        event.timeZone = timeZone;
      }),
    ).toEqual([expect.stringMatching(/^event\.timeZone: must be .*(Europe\/Paris)/)]);
  });

  it.each(['America/Martinique', 'Asia/Kolkata', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires', 'Europe/Paris'])(
    'may be in the time zone %s',
    (timeZone) => {
      expect(
        errorsAfter(({ event }) => {
          event.timeZone = timeZone;
        }),
      ).toEqual([]);
    },
  );

  it('accepts times with offsets, and compares them as instants', () => {
    const times = (startsAt: string, endsAt: string) =>
      errorsAfter(({ cafes: [cafe] }) => Object.assign(cafe as object, { startsAt, endsAt }));
    expect(times('2026-11-25T10:00:00+01:00', '2026-11-25T09:30:00Z')).toEqual([]);
    expect(times('2026-11-25T09:00:00.000Z', '2026-11-25T09:30:00Z')).toEqual([]);
    expect(times('2026-11-25T10:00:00+01:00', '2026-11-25T08:59:00Z')).toEqual([
      'cafes.0.endsAt: the Café ends before it starts',
    ]);
    for (const wrong of ['2026-11-25T10:00', '2026-11-25', '2026-11-25T10:00:00+1', '10:00', '2026-02-30T10:00:00Z'])
      expect(times(wrong, '2026-11-25T10:30:00Z')).toEqual([
        expect.stringMatching(/^cafes\.0\.startsAt: must be a date and a time/),
      ]);
    expect(times('2026-11-25T10:00:30Z', '2026-11-25T10:30:00Z')).toEqual([
      'cafes.0.startsAt: must be on a whole minute',
    ]);
  });

  it.each([
    ['a line break', 'Eau\net air', 'must stand on one line'],
    ['a tab', 'Eau\tet air', 'must not contain control characters'],
    ['nothing visible', '\u200b\u2060\u3164', 'must have a visible character'],
    ['white space', ' \u00a0\u3000', 'must have a visible character'],
    ['empty Braille cells', '\u2800\u2800', 'must have a visible character'],
    ['a change of direction', 'Eau \u202eria', 'must not contain characters that change the direction'],
    ['half a character', 'Eau \ud800', 'must be well-formed Unicode'],
  ])('is refused if a title, a name or a line of a list contains %s', (_what, text, message) => {
    const places: [string, (document: ReturnType<typeof raict>) => void][] = [
      ['event.title.en', ({ event }) => Object.assign(event.title, { en: text })],
      ['rooms.0.name', ({ rooms: [room] }) => Object.assign(room as object, { name: text })],
      ['cafes.0.texts.fr.title', ({ cafes: [cafe] }) => Object.assign(cafe?.texts.fr as object, { title: text })],
      [
        'cafes.0.texts.fr.keywords.0',
        ({ cafes: [cafe] }) => Object.assign(cafe?.texts.fr as object, { keywords: [text] }),
      ],
      ['cafes.0.hosts.0', ({ cafes: [cafe] }) => Object.assign(cafe as object, { hosts: [text] })],
      ['cafes.0.speakers.0.name', ({ cafes: [cafe] }) => Object.assign(cafe as object, { speakers: [{ name: text }] })],
      ['cafes.0.contacts.0.name', ({ cafes: [cafe] }) => Object.assign(cafe as object, { contacts: [{ name: text }] })],
    ];
    for (const [path, change] of places)
      expect(errorsAfter(change)).toEqual([expect.stringContaining(`${path}: ${message}`)]);
  });

  it('may leave out lists and contacts, and is normalised to composed letters', () => {
    const document = raict() as unknown as { cafes: Record<string, unknown>[]; event: { title: { fr: string } } };
    for (const cafe of document.cafes) {
      delete cafe.contacts;
      delete cafe.speakers;
      cafe.texts = { fr: { title: 'Eau', summary: 'Un\r\ndeux' }, en: { title: 'Water' } };
    }
    expect(checkProgramme(document)).toEqual([]);
  });
});
