import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '#platform';
import { buildPeople } from '../../../../test/support/build.ts';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/index.ts';
import { exportProgramme, LoadRefused, loadProgramme, type ProgrammeDocument } from '../index.ts';
import type { LoadOptions } from './difference.ts';

const HOUR_MS = 3_600_000;
/** Times of Cafés, always in the future. */
const DAY = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + 24 * HOUR_MS;
const at = (hours: number) => new Date(DAY + hours * HOUR_MS).toISOString();

let clone: TestDatabase;
let database: Database;

beforeAll(async () => {
  clone = await createTestDatabase();
  database = openDatabase({ url: clone.url, connectionsMax: 4, applicationName: 'load-spec' });
});
afterAll(async () => {
  await database?.close();
  await clone?.drop();
});

type CafeOf = ProgrammeDocument['cafes'][number];

function cafe(code: string, values: Partial<CafeOf> = {}): CafeOf {
  const texts = { title: `Café ${code}`, audience: [], takeaways: [], agenda: [], keywords: [] };
  return {
    code,
    room: 'a',
    kind: 'cafe',
    language: 'fr',
    hosts: ['Ville'],
    speakers: [],
    contacts: [],
    texts: { fr: texts, en: { ...texts, title: `Table ${code}` } },
    startsAt: at(0),
    endsAt: at(1),
    capacity: 5,
    ...values,
  };
}

/** A new programme: rooms `a` and `b`, the Cafés 1 and 2 at the same time in `a`, Café 3 later in `b`. */
function programme(): ProgrammeDocument {
  const slug = `e-${Math.random().toString(36).slice(2)}`;
  return {
    event: {
      slug,
      title: { fr: slug, en: slug },
      timeZone: 'Europe/Paris',
      locales: ['fr', 'en'],
      startsAt: at(-1),
      endsAt: at(9),
    },
    rooms: [
      { code: 'a', name: 'Salle A', capacity: 10 },
      { code: 'b', name: 'Salle B', capacity: 10 },
    ],
    cafes: [cafe('1'), cafe('2'), cafe('3', { room: 'b', startsAt: at(3), endsAt: at(4) })],
  };
}

/** Returns a changed copy. */
function changed(document: ProgrammeDocument, change: (copy: ProgrammeDocument) => void): ProgrammeDocument {
  const copy = structuredClone(document);
  change(copy);
  return copy;
}

const cafeOf = (document: ProgrammeDocument, code: string) =>
  document.cafes.find((each) => each.code === code) as CafeOf;
const load = (document: ProgrammeDocument, options?: LoadOptions) => loadProgramme(database, document, options);
const storedProgramme = async ({ event }: ProgrammeDocument) =>
  (await exportProgramme(database, event.slug))?.document as ProgrammeDocument;
const storedCafe = async (document: ProgrammeDocument, code: string) => cafeOf(await storedProgramme(document), code);

/** The differences, one line each. After a refused load, this also checks that nothing of the event changed. */
async function report(document: ProgrammeDocument, options?: LoadOptions): Promise<string[]> {
  const before = await exportProgramme(database, document.event.slug);
  const refusal = await load(document, options).catch((error: unknown) => error);
  if (refusal instanceof Error && !(refusal instanceof LoadRefused)) throw refusal;
  if (refusal instanceof LoadRefused) expect(await exportProgramme(database, document.event.slug)).toEqual(before);
  const { differences } = refusal as LoadRefused;
  return differences.map(({ about, code, change, field, outcome, reason }) =>
    [about, code, change, field, `${outcome}:`, reason].filter(Boolean).join(' '),
  );
}

async function idOf({ event }: ProgrammeDocument, code: string): Promise<string> {
  const { rows } = await database.pool.query(
    'select c.id from cafe c join event e on e.id = c.event_id where e.slug = $1 and c.code = $2',
    [event.slug, code],
  );
  return rows[0].id;
}

/** `count` new attendees take seats of a Café. */
async function seat(document: ProgrammeDocument, code: string, count: number): Promise<void> {
  const id = await idOf(document, code);
  for (const person of await buildPeople(database.pool, count))
    await database.pool.query('select seats_claim(array[$1::uuid], array[$2::uuid])', [id, person]);
}

/** An organiser changes the capacity of a Café as the dashboard does. */
async function setCapacity(document: ProgrammeDocument, code: string, capacity: number): Promise<void> {
  await database.pool.query('select seats_change_cafe($1, $2, false, null, null, null)', [
    await idOf(document, code),
    capacity,
  ]);
}

/** An organiser moves a Café as the page for moves does. */
async function moveCafe(document: ProgrammeDocument, code: string, hours: number): Promise<void> {
  await database.pool.query(
    `select seats_move_cafe(c.id, c.room_id, $2, $3, s.capacity, null, false, null)
     from cafe c join cafe_seats s on s.cafe_id = c.id where c.id = $1`,
    [await idOf(document, code), at(hours), at(hours + 1)],
  );
}

describe('a load', () => {
  it('adds new items, and finds no difference when the file or its export is loaded a second time', async () => {
    const document = programme();
    expect(await report(document)).toEqual([
      `event ${document.event.slug} added done:`,
      'room a added done:',
      'room b added done:',
      'cafe 1 added done:',
      'cafe 2 added done:',
      'cafe 3 added done:',
    ]);
    expect(await report(document)).toEqual([]);
    expect(await storedProgramme(document)).toMatchObject(document);
    expect(await report(await storedProgramme(document), { dryRun: true })).toEqual([]);
  });

  it('reports each changed field with its old and new value, and changes each row once', async () => {
    const document = programme();
    await load(document);
    const version = 'select c.version from cafe c where c.id = $1';
    const id = await idOf(document, '1');
    const [before] = (await database.pool.query(version, [id])).rows;
    const next = changed(document, ({ event, rooms, cafes: [one] }) => {
      event.title.en = 'Another';
      Object.assign(rooms[1] as object, { name: 'Salle Bleue', capacity: 12 });
      Object.assign(one as object, { capacity: 8, hosts: ['Région'], contacts: [{ name: 'Léa' }], state: 'closed' });
      Object.assign(one?.texts.fr as object, { title: 'Eau', summary: 'Un texte.' });
    });
    const dry = await load(next, { dryRun: true });
    expect(await storedProgramme(document)).toMatchObject(document);
    const { differences } = await load(next);
    expect(dry.differences).toEqual(differences);
    expect(differences).toContainEqual({
      about: 'cafe',
      code: '1',
      change: 'changed',
      field: 'capacity',
      from: 5,
      to: 8,
      outcome: 'done',
    });
    expect(differences.map(({ code, field }) => `${code} ${field}`).sort()).toEqual([
      '1 capacity',
      '1 contacts',
      '1 hosts',
      '1 state',
      '1 texts.fr.summary',
      '1 texts.fr.title',
      'b capacity',
      'b name',
      `${document.event.slug} title`,
    ]);
    expect(await storedProgramme(document)).toMatchObject(next);
    const [after] = (await database.pool.query(version, [id])).rows;
    expect(Number(after.version)).toBe(Number(before.version) + 1);
  });

  it('adds new Cafés as drafts with the option as, and an explicit state in the file opens them later', async () => {
    const document = programme();
    await load(document, { as: 'draft' });
    expect((await storedProgramme(document)).cafes.map(({ state }) => state)).toEqual(['draft', 'draft', 'draft']);
    expect(await report(document)).toEqual([]);
    const open = changed(document, (copy) => {
      copy.cafes = copy.cafes.map((each) => ({ ...each, state: 'open' }));
    });
    expect(await report(open)).toHaveLength(3);
    expect((await storedProgramme(document)).cafes.map(({ state }) => state)).toEqual(['open', 'open', 'open']);
  });
});

describe('a change of an organiser after the last load', () => {
  it('is kept and reported when the file did not change the field', async () => {
    const document = programme();
    await load(document);
    await seat(document, '1', 2);
    await moveCafe(document, '1', 2);
    await setCapacity(document, '2', 7);
    const next = changed(document, ({ cafes: [, , three] }) => Object.assign(three as object, { capacity: 6 }));
    expect(await report(next)).toEqual([
      expect.stringMatching(/^cafe 1 changed time kept: .*--overwrite/),
      expect.stringMatching(/^cafe 2 changed capacity kept: .*--overwrite/),
      'cafe 3 changed capacity done:',
    ]);
    expect(await storedCafe(document, '1')).toMatchObject({ startsAt: at(2), endsAt: at(3) });
    expect((await storedProgramme(document)).cafes.map(({ capacity }) => capacity)).toEqual([5, 7, 6]);
  });

  it('is refused when the file changed the field too, until an option decides', async () => {
    const document = programme();
    await load(document);
    await setCapacity(document, '1', 7);
    const next = changed(document, ({ cafes: [one] }) => Object.assign(one as object, { capacity: 9 }));
    expect(await report(next)).toEqual([
      expect.stringMatching(/^cafe 1 changed capacity refused: .*--overwrite.*--keep/),
    ]);
    expect(await report(next, { organisers: 'keep' })).toEqual([
      expect.stringMatching(/^cafe 1 changed capacity kept/),
    ]);
    expect((await storedCafe(document, '1')).capacity).toBe(7);
    expect(await report(next, { organisers: 'overwrite' })).toEqual(['cafe 1 changed capacity done:']);
    expect((await storedCafe(document, '1')).capacity).toBe(9);
  });

  it('is refused when the last load is not known', async () => {
    const document = programme();
    const { eventId } = await load(document);
    await database.pool.query('delete from programme_load where event_id = $1', [eventId]);
    const next = changed(document, ({ cafes: [one] }) => Object.assign(one as object, { capacity: 9 }));
    expect(await report(next)).toEqual([expect.stringMatching(/refused: it is not known which is newer/)]);
    expect(await report(document)).toEqual([]);
    expect(await report(next)).toEqual(['cafe 1 changed capacity done:']);
  });

  it('is refused with the reason when it does not fit together with the file', async () => {
    const document = programme();
    await load(document);
    await moveCafe(document, '3', 7);
    const next = changed(document, ({ event }) => Object.assign(event, { endsAt: at(6) }));
    expect(await report(next)).toContainEqual(
      expect.stringMatching(/^cafe 3 .*refused: with what organisers changed, the Café is not within the event/),
    );
  });
});

describe('seats', () => {
  it('are never taken away: a capacity below the taken seats is refused with the numbers', async () => {
    const document = programme();
    await load(document);
    await seat(document, '1', 3);
    const next = changed(document, ({ cafes: [one] }) => Object.assign(one as object, { capacity: 2 }));
    expect(await report(next)).toEqual([
      expect.stringMatching(
        /^cafe 1 changed capacity refused: 3 seats are taken: give at least 3 .*\/organiser\/cafes\//,
      ),
    ]);
  });

  it('that are added are given to the waitlist', async () => {
    const document = programme();
    await load(document);
    await seat(document, '3', 7);
    await load(changed(document, ({ cafes: [, , three] }) => Object.assign(three as object, { capacity: 6 })));
    const { rows } = await database.pool.query('select taken, waitlisted from cafe_seats where cafe_id = $1', [
      await idOf(document, '3'),
    ]);
    expect(rows).toEqual([{ taken: 6, waitlisted: 1 }]);
  });

  it('move with their Café with the option move, and their attendees get a mail', async () => {
    const document = programme();
    await load(document);
    await seat(document, '1', 2);
    const next = changed(document, ({ cafes: [one] }) =>
      Object.assign(one as object, { room: 'b', startsAt: at(5), endsAt: at(6) }),
    );
    const refused = /refused: 2 seats are taken, 0 people wait: --move .*\/organiser\/cafes\//;
    expect(await report(next)).toEqual([expect.stringMatching(refused), expect.stringMatching(refused)]);
    expect(await report(next, { move: true })).toEqual(['cafe 1 changed room done:', 'cafe 1 changed time done:']);
    expect(await storedCafe(document, '1')).toMatchObject({ room: 'b', startsAt: at(5) });
    const { rows } = await database.pool.query(
      `select count(*)::integer as count from registration r join outbox o on o.registration_id = r.id
       where r.cafe_id = $1 and o.kind = 'cafe-moved'`,
      [await idOf(document, '1')],
    );
    expect(rows).toEqual([{ count: 2 }]);
  });

  it('prevent that a Café is closed, and that a room becomes smaller than they need', async () => {
    const document = programme();
    await load(document);
    await seat(document, '1', 4);
    await seat(document, '2', 4);
    const state = changed(document, ({ cafes: [one] }) => Object.assign(one as object, { state: 'cancelled' }));
    expect(await report(state)).toEqual([expect.stringMatching(/^cafe 1 changed state refused: 4 seats are taken/)]);
    const room = (capacity: number) => changed(document, ({ rooms: [a] }) => Object.assign(a as object, { capacity }));
    expect(await report(room(7))).toEqual([
      expect.stringMatching(/^room a changed capacity refused: 8 seats are taken at one time/),
    ]);
    expect(await report(room(8))).toEqual(['room a changed capacity done:']);
  });
});

describe('an item that is no longer in the file', () => {
  const without = (document: ProgrammeDocument, code: string) =>
    changed(document, (copy) => {
      copy.cafes = copy.cafes.filter((each) => each.code !== code);
    });

  it('is refused, and removed with the option remove', async () => {
    const document = programme();
    await load(document);
    const next = changed(without(document, '3'), ({ rooms }) => rooms.pop());
    expect(await report(next)).toEqual([
      expect.stringMatching(/^room b removed refused: .*--remove/),
      expect.stringMatching(/^cafe 3 removed refused: .*--remove/),
    ]);
    expect(await report(next, { remove: true })).toEqual(['room b removed done:', 'cafe 3 removed done:']);
    expect(await storedProgramme(document)).toMatchObject(next);
  });

  it('is kept while an attendee has a seat, and becomes a draft when an attendee had one before', async () => {
    const document = programme();
    await load(document);
    await seat(document, '1', 1);
    const next = without(document, '1');
    expect(await report(next, { remove: true })).toEqual([
      expect.stringMatching(
        /^cafe 1 removed refused: 1 seat is taken, 0 people wait: cancel it first on the page \/organiser/,
      ),
    ]);
    await database.pool.query(
      `select seats_end(array(select id from registration where cafe_id = $1), 'cancelled', 'attendee', null)`,
      [await idOf(document, '1')],
    );
    expect(await report(next, { remove: true })).toEqual(['cafe 1 removed done:']);
    expect((await storedCafe(document, '1')).state).toBe('draft');
    expect(await report(next)).toEqual([expect.stringMatching(/^cafe 1 removed kept/)]);
  });

  it('is kept when a host has a role in the room', async () => {
    const document = programme();
    const { eventId } = await load(document);
    const [host] = await buildPeople(database.pool, 1);
    await database.pool.query(
      `insert into role_grant (attendee_id, role, event_id, room_id) select $1, 'host', $2, id from room where event_id = $2 and code = 'b'`,
      [host, eventId],
    );
    const next = changed(without(document, '3'), ({ rooms }) => rooms.pop());
    expect(await report(next, { remove: true })).toContainEqual(
      expect.stringMatching(/^room b removed refused: it has hosts/),
    );
  });
});

describe('a changed code', () => {
  it('of a Café or a room is refused, and renames it with its registrations with the option rename', async () => {
    const document = programme();
    await load(document);
    await seat(document, '1', 2);
    const id = await idOf(document, '1');
    const next = changed(document, ({ rooms: [a], cafes: [one, two] }) => {
      Object.assign(a as object, { code: 'alpha' });
      Object.assign(one as object, { code: '1a', room: 'alpha' });
      Object.assign(two as object, { room: 'alpha' });
    });
    expect((await report(next)).filter((line) => line.includes('renamed'))).toEqual([
      expect.stringMatching(/^room alpha renamed code refused: a is not in the file.*--rename/),
      expect.stringMatching(/^cafe 1a renamed code refused: 1 is not in the file.*--rename/),
    ]);
    expect(await report(next, { rename: true })).toEqual([
      'room alpha renamed code done:',
      'cafe 1a renamed code done:',
    ]);
    expect(await idOf(document, '1a')).toBe(id);
    expect(await storedProgramme(document)).toMatchObject(next);
    expect(await report(next)).toEqual([]);
  });

  it('of the event is refused, and renames the event with the option rename', async () => {
    const document = programme();
    const { eventId } = await load(document);
    const next = changed(document, ({ event }) => Object.assign(event, { slug: `${event.slug}-2` }));
    expect(await report(next)).toEqual([expect.stringMatching(/^event .* renamed slug refused: .*--rename/)]);
    expect((await load(next, { rename: true })).eventId).toBe(eventId);
    expect(await storedProgramme(document)).toBeUndefined();
    expect(await report(next)).toEqual([]);
  });
});
