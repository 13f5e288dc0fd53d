import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '#platform';
import { buildPeople } from '../../../../test/support/build.ts';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/index.ts';
import { FileReader, ImportNotReady, Imports, LoadRunning, readImport, UnreadableDocument } from '../index.ts';

let clone: TestDatabase;
let database: Database;
let imports: Imports;
let attendeeId: string;

beforeAll(async () => {
  clone = await createTestDatabase();
  database = openDatabase({ url: clone.url, connectionsMax: 6, applicationName: 'imports-spec' });
  imports = new Imports(database);
  [attendeeId = ''] = await buildPeople(database.pool, 1);
});
afterAll(async () => {
  await database?.close();
  await clone?.drop();
});

/** A table with the columns id, title, room, times and seats. */
const table = (...rows: string[]) => Buffer.from(['id;Titre;Salle;Jour;Début;Fin;Places;Autre', ...rows].join('\n'));
const WATER = 'a1;Eau;Nord;11/05/2035;9h00;10h00;8;x';
const AIR = 'a2;Air;Nord;11/05/2035;10h30;11h30;9;y';

async function sent(file: Uint8Array, eventId?: string): Promise<string> {
  return imports.add(await readImport(file), { attendeeId, eventId, fileName: 'table.csv' });
}

/** A new event with the two Cafés of the table. */
async function newEvent() {
  const id = await sent(table(WATER, AIR));
  const slug = `e-${randomUUID()}`;
  await imports.change(id, attendeeId, { answers: { 'event.title': slug, 'defaults.host': 'Ville' } });
  const { eventId = '' } = (await imports.apply(id, attendeeId)) ?? {};
  await database.pool.query(`update event set state = 'published', published_at = now() where id = $1`, [eventId]);
  await database.pool.query(
    `select seats_change_cafe(id, null, false, 'open', null, null) from cafe where event_id = $1`,
    [eventId],
  );
  return { slug, eventId };
}

const cafesOf = async (eventId: string) =>
  (
    await database.pool.query(
      `select c.code, c.source_id, c.texts -> 'fr' ->> 'title' as title, s.capacity, s.state
       from cafe c join cafe_seats s on s.cafe_id = c.id where c.event_id = $1 order by c.position`,
      [eventId],
    )
  ).rows.map(({ code, source_id, title, capacity, state }) => [code, source_id, title, capacity, state].join(' '));

describe('an import into a new event', () => {
  it('writes nothing before it is applied, then everything as drafts, with an entry in the audit log', async () => {
    const id = await sent(table(WATER, AIR));
    const slug = `e-${randomUUID()}`;
    await imports.change(id, attendeeId, { answers: { 'event.title': slug } });
    const preview = await imports.preview(id, attendeeId);
    expect(preview).toMatchObject({ kind: 'csv', ready: true, entries: [{ title: 'Eau' }, { title: 'Air' }] });
    expect(preview?.differences.map(({ about, change }) => `${about} ${change}`)).toEqual([
      'event added',
      'room added',
      'cafe added',
      'cafe added',
    ]);
    expect((await database.pool.query('select from event where slug = $1', [slug])).rowCount).toBe(0);
    const applied = await imports.apply(id, attendeeId);
    expect(await cafesOf(applied?.eventId as string)).toEqual(['2 a1 Eau 8 draft', '3 a2 Air 9 draft']);
    const { rows } = await database.pool.query('select what, actor_id, after from audit_log where event_id = $1', [
      applied?.eventId,
    ]);
    expect(rows).toEqual([
      {
        what: 'programme-imported',
        actor_id: attendeeId,
        after: { fileName: 'table.csv', kind: 'csv', 'cafe-added': 2, 'event-added': 1, 'room-added': 1 },
      },
    ]);
    expect(await imports.apply(id, attendeeId)).toBeUndefined();
  });

  it('is not applied while something blocks, and asks for another address where an event has it', async () => {
    const wrong = await sent(table('a1;Eau;Nord;11/05/2035;tbd;10h00;8;'));
    await expect(imports.apply(wrong, attendeeId)).rejects.toBeInstanceOf(ImportNotReady);
    const { slug } = await newEvent();
    const twin = await sent(table(WATER));
    await imports.change(twin, attendeeId, { answers: { 'event.slug': slug } });
    expect((await imports.preview(twin, attendeeId))?.findings[0]).toMatchObject({ code: 'slug-taken', blocks: true });
  });
});

describe('a second import', () => {
  it('finds Cafés by their ids: it changes, adds, and keeps what the file has not any more', async () => {
    const { eventId } = await newEvent();
    const file = table('a2;Air pur;Nord;11/05/2035;10h30;11h30;9;', 'a3;Feu;Nord;11/05/2035;14h;15h;5;');
    const id = await sent(file, eventId);
    const preview = await imports.preview(id, attendeeId);
    const lines = preview?.differences.map(({ about, code, change, field, outcome }) =>
      [about, code, change, field, outcome].join(' '),
    );
    expect(lines).toEqual([
      // The new one ends after the event did.
      expect.stringMatching(/^event .* changed time done$/),
      'cafe 3 changed texts.fr.title done',
      'cafe 3-2 added  done',
      'cafe 2 removed  kept',
    ]);
    await imports.apply(id, attendeeId);
    expect((await cafesOf(eventId)).map((each) => each.split(' ').slice(1, 3).join(' ')).sort()).toEqual([
      'a1 Eau',
      'a2 Air',
      'a3 Feu',
    ]);
  });

  it('removes what the file has not any more, where it is told to and nobody has a seat', async () => {
    const { eventId } = await newEvent();
    const id = await sent(table(AIR), eventId);
    await imports.apply(id, attendeeId, { remove: true });
    expect(await cafesOf(eventId)).toEqual(['3 a2 Air 9 open']);
  });

  it('never touches seats silently: a capacity below the taken seats is refused with the number', async () => {
    const { eventId } = await newEvent();
    const [cafe] = (
      await database.pool.query(`select id from cafe where event_id = $1 and source_id = 'a1'`, [eventId])
    ).rows;
    for (const person of await buildPeople(database.pool, 3))
      await database.pool.query('select seats_claim(array[$1::uuid], array[$2::uuid])', [cafe.id, person]);
    const id = await sent(table(WATER.replace(';8;', ';2;'), AIR), eventId);
    const preview = await imports.preview(id, attendeeId);
    expect(preview?.ready).toBe(false);
    expect(preview?.differences).toMatchObject([
      { field: 'capacity', outcome: 'refused', reason: expect.stringMatching(/^3 seats are taken/) },
    ]);
    await expect(imports.apply(id, attendeeId)).rejects.toMatchObject({ name: 'LoadRefused' });
    expect(await cafesOf(eventId)).toContain('2 a1 Eau 8 open');
  });

  it('of the same event at the same time is refused, and loses nothing', async () => {
    const { slug, eventId } = await newEvent();
    const id = await sent(table(WATER, AIR, 'a3;Feu;Nord;11/05/2035;14h;15h;5;'), eventId);
    const client = await database.pool.connect();
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(7212025, hashtext($1))', [slug]);
    await expect(imports.apply(id, attendeeId)).rejects.toBeInstanceOf(LoadRunning);
    await client.query('rollback');
    client.release();
    expect(await imports.apply(id, attendeeId)).toMatchObject({ eventId });
  });
});

describe('the columns of a table', () => {
  it('are remembered for the organisation', async () => {
    const { eventId } = await newEvent();
    const id = await sent(table(WATER), eventId);
    const first = await imports.preview(id, attendeeId);
    expect(first?.mapping?.at(-1)).toBeNull();
    const mapping = [...(first?.mapping ?? [])];
    mapping[7] = 'keywords';
    mapping[6] = null;
    await imports.change(id, attendeeId, { mapping });
    const next = await imports.preview(await sent(table(AIR), eventId), attendeeId);
    expect(next?.mapping).toEqual(mapping);
  });
});

describe('an import', () => {
  it('is of the person who sent it, and is gone after a day', async () => {
    const id = await sent(table(WATER));
    const [other = ''] = await buildPeople(database.pool, 1);
    expect(await imports.preview(id, other)).toBeUndefined();
    expect(await imports.apply(id, other)).toBeUndefined();
    await database.pool.query(`update programme_import set expires_at = now() - interval '1 second' where id = $1`, [
      id,
    ]);
    expect(await imports.preview(id, attendeeId)).toBeUndefined();
    await imports.deleteExpired();
    expect((await database.pool.query('select from programme_import where id = $1', [id])).rowCount).toBe(0);
  });

  it('takes the place of the oldest of the same person beyond ten', async () => {
    const [person = ''] = await buildPeople(database.pool, 1);
    const content = await readImport(table(WATER));
    const ids = [];
    for (let count = 0; count < 12; count++)
      ids.push(await imports.add(content, { attendeeId: person, fileName: 'x' }));
    const { rows } = await database.pool.query(
      'select id from programme_import where attendee_id = $1 order by created_at',
      [person],
    );
    expect(rows.map((row) => row.id)).toEqual(ids.slice(2));
  });
});

describe('the thread that reads files', () => {
  it('gives what reading gives', async () => {
    const file = readFileSync('libs/programme/src/importing/examples/programme-windows-1252.csv');
    expect(await new FileReader().read(file)).toEqual(await readImport(file));
  });

  it('refuses a file that takes too long, and one that cannot be read', async () => {
    const reader = new FileReader({ timeoutMs: 1 });
    await expect(reader.read(table(WATER))).rejects.toThrow(/too much time/);
    await expect(new FileReader().read(Buffer.from('%PDF-1.7\n'))).rejects.toBeInstanceOf(UnreadableDocument);
  });
});
