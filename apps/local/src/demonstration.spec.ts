import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '#platform';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { openIdentity } from '../../../test/support/identity.ts';
import { demonstrationLinks, loadDemonstration } from './demonstration.ts';

const secret = 'a secret of the demonstration, long';
let clone: TestDatabase;
let database: Database;

beforeAll(async () => {
  clone = await createTestDatabase();
  database = openDatabase({ url: clone.url, connectionsMax: 2, applicationName: 'test' });
});
afterAll(async () => {
  await database?.close();
  await clone?.drop();
});

it('gives the demonstration its organiser and its host, and does not grant revoked roles again', async () => {
  const publicUrl = 'http://localhost:3000';
  const eventId = await loadDemonstration(database);
  const people = openIdentity({ database, secret, publicUrl });
  const start = () => demonstrationLinks({ database, secret, publicUrl, eventId });
  await start();
  const granted = await people.roles.in(eventId);
  const [organiser, ...hosts] = granted;
  expect(organiser?.role.role).toBe('organiser');
  expect(hosts.length).toBeGreaterThan(1);
  await start();
  expect(await people.roles.in(eventId)).toEqual(granted);

  for (const { email, role } of [organiser, hosts[0]].flatMap((each) => each ?? [])) {
    await people.roles.revoke((await people.attendees.findByEmail(email))?.attendeeId ?? '', role);
  }
  await start();
  expect(await people.roles.in(eventId)).toEqual(hosts.slice(1));
});
