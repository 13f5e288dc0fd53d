import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readConfiguration } from './configuration.ts';
import { ConfigurationError, secretVariables, withSecrets } from './secrets.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'comptoir-test-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (content: string, name = 'secret') => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
};
const base = {
  DATABASE_URL: 'postgres://comptoir@postgres:5432/comptoir',
  REDIS_URL: 'redis://redis:6379',
  SMTP_URL: 'smtp://cafes%40example.org@mail.example.org:587',
  APP_SECRET: 'a secret of thirty-two characters',
};

describe('a secret in a file', () => {
  it.each(secretVariables)('is read for %s, without its final line break', (name) => {
    expect(withSecrets({ [`${name}_FILE`]: fileOf('x\n') })[`${name}_FILE`]).toBeUndefined();
    const more = { ...base, [name]: undefined, [`${name}_FILE`]: fileOf('postgres://in-a-file\r\n') };
    expect(withSecrets(more)[name]).toBe(name.endsWith('PASSWORD') ? undefined : 'postgres://in-a-file');
  });

  it.each([
    [
      'is not there',
      { APP_SECRET: '', APP_SECRET_FILE: '/nowhere/secret' },
      'APP_SECRET_FILE: the file /nowhere/secret cannot be read (ENOENT)',
    ],
    ['is empty', { APP_SECRET: '', APP_SECRET_FILE: fileOf('\n', 'empty') }, 'is empty'],
    [
      'stands beside a value',
      { APP_SECRET_FILE: fileOf('x'.repeat(32)) },
      'Set APP_SECRET or APP_SECRET_FILE, not both.',
    ],
  ])('that %s is refused with a line that names the variable', (_, more, line) => {
    expect(() => readConfiguration({ ...base, ...more })).toThrow(ConfigurationError);
    expect(() => readConfiguration({ ...base, ...more })).toThrow(line);
  });

  it('is not contained in the environment that is passed on to another process', () => {
    const passedOn = withSecrets({
      ...base,
      APP_SECRET: '',
      APP_SECRET_FILE: fileOf('y'.repeat(40)),
      REDIS_PASSWORD: 'x',
    });
    expect(readConfiguration(passedOn)).toEqual(readConfiguration(withSecrets(passedOn)));
    expect(passedOn.APP_SECRET).toBe('y'.repeat(40));
  });
});

describe('a password in a variable of its own', () => {
  it('is inserted into its address, whatever its characters, and never replaces a password in the address', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (password) => {
        fc.pre(password.isWellFormed());
        const read = readConfiguration({
          ...base,
          DATABASE_PASSWORD: password,
          REDIS_PASSWORD: password,
          SMTP_PASSWORD: password,
        });
        for (const address of [read.DATABASE_URL, read.REDIS_URL, read.SMTP_URL, read.DATABASE_DIRECT_URL])
          expect(decodeURIComponent(new URL(address).password)).toBe(password);
        expect(new URL(read.SMTP_URL).username).toBe('cafes%40example.org');
      }),
    );
    const own = { ...base, REDIS_URL: 'redis://:own@redis:6379', REDIS_PASSWORD: 'other' };
    expect(readConfiguration(own).REDIS_URL).toBe('redis://:own@redis:6379');
  });
});

describe('the addresses for browsers', () => {
  const read = (more: Record<string, string>) => readConfiguration({ ...base, ...more });

  it.each([
    'https://example.org/cafes',
    'https://example.org/cafes/',
    'https://example.org/?event=1',
    'https://example.org/#top',
    'https://user:password@example.org',
    'ftp://example.org',
    'example.org',
  ])('may not be %s', (address) => {
    for (const name of ['PUBLIC_URL', 'GATEWAY_URL']) {
      expect(() => read({ [name]: address })).toThrow(
        new RegExp(`^The environment is not right: ${name}: must be [^\\n]*$`),
      );
    }
  });

  it('have no slash at the end, and the gateway has the address of the pages if that is https', () => {
    expect(read({})).toMatchObject({ PUBLIC_URL: 'http://localhost:3000', GATEWAY_URL: 'http://localhost:3001' });
    expect(read({ PUBLIC_URL: 'http://127.0.0.1:8080/' })).toMatchObject({
      PUBLIC_URL: 'http://127.0.0.1:8080',
      GATEWAY_URL: 'http://localhost:3001',
    });
    expect(read({ PUBLIC_URL: 'https://cafes.example.org/' })).toMatchObject({
      PUBLIC_URL: 'https://cafes.example.org',
      GATEWAY_URL: 'https://cafes.example.org',
    });
    expect(read({ PUBLIC_URL: 'https://a.test', GATEWAY_URL: 'https://b.test//' }).GATEWAY_URL).toBe('https://b.test');
  });
});

it('mail is on unless MAIL_OFF is 1', () => {
  expect([undefined, '', '0', '1'].map((MAIL_OFF) => readConfiguration({ ...base, MAIL_OFF }).MAIL_OFF)).toEqual([
    false,
    false,
    false,
    true,
  ]);
  expect(() => readConfiguration({ ...base, MAIL_OFF: 'yes' })).toThrow('MAIL_OFF: must be 1 or 0');
});
