import { randomBytes } from 'node:crypto';
import { administer, databaseUrl, TEMPLATE } from './template.ts';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

function serverUrl(): string {
  const url = process.env.COMPTOIR_TEST_POSTGRES_URL;
  if (!url) throw new Error('There is no Postgres for the tests: run them with Jest, whose global setup starts it.');
  return url;
}

/** A database of its own, migrated and empty: a clone of the template. `drop` ends connections that are left. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(serverUrl(), `create database ${name} template ${TEMPLATE}`);
  return {
    url: databaseUrl(serverUrl(), name),
    drop: () => administer(serverUrl(), `drop database if exists ${name} with (force)`),
  };
}
