import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '#platform';
import { createTestDatabase, type TestDatabase } from '../../../test/support/index.ts';
import { administer, databaseUrl } from '../../../test/support/template.ts';
import { openMailSwitch } from './mail-switch.ts';

const thisPlace = { PUBLIC_URL: 'https://cafes.example.org', INSTALLATION: '', MAIL_OFF: false };
let testDatabase: TestDatabase;
const opened: Database[] = [];

const open = (url: string) => {
  const database = openDatabase({ url, connectionsMax: 4, applicationName: 'mail-switch-spec' });
  opened.push(database);
  return database;
};

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(async () => {
  for (const each of opened) await each.close();
  await testDatabase.drop();
});

describe('mail', () => {
  it('is on for the first installation of a database, for all its workers, and after each restart', async () => {
    const database = open(testDatabase.url);
    const workers = Array.from({ length: 4 }, () => openMailSwitch({ database, place: thisPlace }));
    expect(workers.map((each) => each.offBecause())).toEqual(Array(4).fill('unknown'));
    await Promise.all(workers.map((each) => each.read()));
    for (const each of workers) expect(await each.read()).toBeUndefined();
    const restarted = openMailSwitch({
      database,
      place: { ...thisPlace, PUBLIC_URL: 'https://cafes.example.org:8443' },
    });
    expect(await restarted.read()).toBeUndefined();
    await expect(restarted.check()).resolves.toBeUndefined();
  });

  it.each([
    ['another host name', { PUBLIC_URL: 'https://staging.example.org' }],
    ['another name of the installation', { INSTALLATION: 'rehearsal' }],
  ])('is off for the same database under %s', async (_, other) => {
    const copy = openMailSwitch({ database: open(testDatabase.url), place: { ...thisPlace, ...other } });
    expect(await copy.read()).toBe('copy');
    await expect(copy.check()).rejects.toMatchObject({ code: 'off' });
  });

  it('is off for a copy of the database until the copy is confirmed, and stays on for the original', async () => {
    const original = open(testDatabase.url);
    await original.pool.query(
      `insert into outbox (kind, attendee_id) values ('confirmed', uuidv7()), ('confirmed', uuidv7())`,
    );
    for (const each of opened.splice(0)) await each.close();
    const name = `${new URL(testDatabase.url).pathname.slice(1)}_restored`;
    await administer(
      databaseUrl(testDatabase.url, 'postgres'),
      `create database ${name} template ${name.replace('_restored', '')}`,
    );
    try {
      const database = open(databaseUrl(testDatabase.url, name));
      const copy = openMailSwitch({ database, place: thisPlace });
      expect(await copy.read()).toBe('copy');
      expect(await copy.waiting()).toEqual({ messages: 2, since: expect.any(String) });
      await copy.confirm({ drop: true });
      expect([await copy.read(), await copy.waiting()]).toEqual([undefined, { messages: 0, since: undefined }]);
      const reopened = openMailSwitch({ database: open(testDatabase.url), place: thisPlace });
      expect([await reopened.read(), (await reopened.waiting()).messages]).toEqual([undefined, 2]);
    } finally {
      for (const each of opened.splice(0)) await each.close();
      await administer(databaseUrl(testDatabase.url, 'postgres'), `drop database ${name} with (force)`);
    }
  });

  it('is off with MAIL_OFF, also when the place is confirmed, and confirms nothing', async () => {
    const off = openMailSwitch({ database: open(testDatabase.url), place: { ...thisPlace, MAIL_OFF: true } });
    expect([off.offBecause(), await off.read()]).toEqual(['switched-off', 'switched-off']);
    await expect(off.check()).rejects.toMatchObject({ code: 'off' });
  });
});
