import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '#platform';
import { asciiAddress, readAddress } from '#text';
import { createTestDatabase, type TestDatabase } from '../../../test/support/index.ts';

const NAMES = 'prisma/migrations/20261129121100_names_in_one_form/migration.sql';
const MIGRATION = 'prisma/migrations/20261129121000_domains_in_unicode/migration.sql';

let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, connectionsMax: 2, applicationName: 'address-form' });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

describe('a name that was stored before names were normalised', () => {
  it('is normalised, and stays unchanged when the normalised name would be empty', async () => {
    const names = {
      [`E\u0301lise${'\u0301'.repeat(100)}\u202e \u200b Martin`]: `Élisé${'\u0301'.repeat(4)} Martin`,
      'نی\u200cک': 'نی\u200cک',
      '\u200b\u202e': '\u200b\u202e',
      'Zoë Müller': 'Zoë Müller',
    };
    for (const [index, name] of Object.keys(names).entries())
      await database.pool.query('insert into attendee (email, name, organisation, locale) values ($1, $2, $2, $3)', [
        `name-${index}@example.org`,
        name,
        'fr',
      ]);
    await database.pool.query(await readFile(NAMES, 'utf8'));
    const { rows } = await database.pool.query(
      `select name, organisation from attendee where email like 'name-%' order by email`,
    );
    expect(rows).toEqual(Object.values(names).map((name) => ({ name, organisation: name })));
  });
});

describe('an address that was stored before domains were kept in their readable form', () => {
  it('is changed to the form by which its attendee is found now', async () => {
    const today = [
      'ada@example.org',
      'ada@kfz-müller.de',
      'ada@bücher.straße.example',
      'ada@例え.jp',
      'ada@почта.рф',
      'ada@بلدية.example',
      'ada@ab-ü-c-é.fr',
      'ada@xn.example',
      'ada@öö.ñandú.fr',
    ];
    const before = today.map((address) => readAddress(address).text).map((address) => asciiAddress(address ?? ''));
    expect(before.every((address) => /^[ -~]+$/.test(address))).toBe(true);
    const odd = [
      'ada@xn--zzzzzz.org',
      'ada@xn--.org',
      'ada@xn--99999999999999999999.org',
      'ada@xn---.org',
      'ada@xn--ls8h.example',
    ];
    for (const email of [...before, ...odd])
      await database.pool.query('insert into attendee (email, name, locale) values ($1, $1, $2)', [email, 'fr']);
    await database.pool.query(`insert into mailbox_hold (mailbox, held) values ('ada@xn--kfz-mller-u9a.de', 2)`);
    await database.pool.query(await readFile(MIGRATION, 'utf8'));
    const { rows } = await database.pool.query<{ email: string; name: string }>('select email, name from attendee');
    const now = new Map(rows.map(({ email, name }) => [name, email]));
    expect(before.map((address) => now.get(address))).toEqual(today);
    expect(odd.map((address) => now.get(address))).toEqual(odd);
    const held = await database.pool.query('select mailbox, held from mailbox_hold');
    expect(held.rows).toEqual([{ mailbox: 'ada@kfz-müller.de', held: 2 }]);
  });
});
