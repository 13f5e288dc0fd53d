import { randomBytes } from 'node:crypto';
import { administer, databaseUrl } from './template.ts';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

function fromSetUp(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error('There is no Postgres for the tests: run them with Jest, whose global setup starts it.');
  return value;
}

/** Makes a migrated and empty database: a clone of the template. `drop` closes open connections. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = fromSetUp('COMPTOIR_TEST_POSTGRES_URL');
  const template = fromSetUp('COMPTOIR_TEST_TEMPLATE');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(serverUrl, `create database ${name} template ${template}`);
  return {
    url: databaseUrl(serverUrl, name),
    drop: () => administer(serverUrl, `drop database if exists ${name} with (force)`),
  };
}
