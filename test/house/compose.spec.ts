import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { readConfiguration } from '#platform';
import { type AppName, appCommand } from '../../apps/local/src/apps.ts';
import { freePort } from '../../apps/local/src/ports.ts';

const text = { type: 'string' };
const texts = { type: 'array', items: text };
const record = (value: object) => ({ type: 'object', additionalProperties: value });
/** The part of the Compose specification that the file uses. Other fields are an error. */
const schema = {
  type: 'object',
  required: ['name', 'services', 'volumes'],
  additionalProperties: false,
  patternProperties: { '^x-': {} },
  properties: {
    name: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' },
    volumes: record({ type: 'null' }),
    configs: record({
      type: 'object',
      required: ['content'],
      additionalProperties: false,
      properties: { content: text },
    }),
    services: record({
      type: 'object',
      additionalProperties: false,
      anyOf: [{ required: ['image'] }, { required: ['build'] }],
      properties: {
        build: text,
        image: text,
        command: { ...texts, minItems: 1 },
        restart: { enum: ['no', 'always', 'on-failure', 'unless-stopped'] },
        environment: record({ type: ['string', 'number'] }),
        profiles: texts,
        // Ports of this machine only, unless a variable sets another address.
        ports: {
          type: 'array',
          items: { type: 'string', pattern: '^(\\$\\{BIND:-127\\.0\\.0\\.1\\}|127\\.0\\.0\\.1):\\d+:\\d+$' },
        },
        volumes: { type: 'array', items: { type: 'string', pattern: '^[a-z]+:/' } },
        configs: {
          type: 'array',
          items: {
            type: 'object',
            required: ['source', 'target'],
            additionalProperties: false,
            properties: { source: text, target: { type: 'string', pattern: '^/' } },
          },
        },
        depends_on: record({
          type: 'object',
          required: ['condition'],
          additionalProperties: false,
          properties: { condition: { enum: ['service_started', 'service_healthy', 'service_completed_successfully'] } },
        }),
        healthcheck: {
          type: 'object',
          required: ['test'],
          additionalProperties: false,
          properties: {
            test: { ...texts, minItems: 2 },
            interval: { type: 'string', pattern: '^\\d+(ms|s|m)$' },
            timeout: { type: 'string', pattern: '^\\d+(ms|s|m)$' },
            retries: { type: 'integer', minimum: 1 },
          },
        },
      },
    }),
  },
};

interface Service {
  image?: string;
  profiles?: string[];
  ports?: string[];
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  volumes?: string[];
  configs?: { source: string; target: string }[];
}

describe('docker-compose.yml', () => {
  const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
    services: Record<string, Service>;
    volumes: Record<string, null>;
    configs: Record<string, { content: string }>;
  };

  it('is a Compose file', () => {
    const validate = new Ajv({ allErrors: true, strictTypes: false, strictRequired: false }).compile(schema);
    expect([validate(compose), validate.errors]).toEqual([true, null]);
    expect(validate({ ...compose, services: { api: { imagee: 'x' } } })).toBe(false);
  });

  it('waits only for services that exist, and for health only when it is checked', () => {
    for (const { depends_on: after = {}, volumes = [] } of Object.values(compose.services)) {
      for (const [name, { condition }] of Object.entries(after)) {
        expect(Object.keys(compose.services)).toContain(name);
        if (condition === 'service_healthy') expect(compose.services[name]?.healthcheck).toBeDefined();
      }
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
  });

  /** Replaces `${NAME:-default}` and `${NAME:?message}` as Compose does. @throws Error with the message when a name is missing */
  const filled = (value: unknown, environment: Record<string, string>) =>
    String(value).replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
      if (environment[name]) return environment[name];
      if (kind === '-') return rest;
      throw new Error(`${name}: ${rest}`);
    });
  const set = {
    APP_SECRET: 'x'.repeat(32),
    SMTP_URL: 'smtp://mail.example.org',
    POSTGRES_PASSWORD: 'p0stgres',
    REDIS_PASSWORD: 'r3dis',
  };

  it.each(Object.keys(set))('is refused without %s, with a line that names what to set', (name) => {
    const without: Record<string, string> = { ...set, [name]: '' };
    expect(() => filled(JSON.stringify(compose), set)).not.toThrow();
    expect(() => filled(JSON.stringify(compose), without)).toThrow(new RegExp(`^${name}: set it to `));
  });

  it('has no password of its own, and gives each service the one of its clients', () => {
    const { api, postgres, redis } = compose.services;
    const environment = (service?: Service) =>
      Object.fromEntries(Object.entries(service?.environment ?? {}).map(([name, value]) => [name, filled(value, set)]));
    expect(environment(api)).toMatchObject({
      DATABASE_URL: 'postgres://comptoir:p0stgres@postgres:5432/comptoir',
      REDIS_URL: 'redis://:r3dis@redis:6379',
    });
    expect(environment(postgres).POSTGRES_PASSWORD).toBe('p0stgres');
    expect(environment(redis).REDISCLI_AUTH).toBe('r3dis');
    const [{ source, target } = { source: '', target: '' }] = redis?.configs ?? [];
    expect(redis?.command).toEqual(['redis-server', target]);
    expect(filled(compose.configs[source]?.content, set)).toMatch(/^requirepass r3dis$/m);
  });

  it('starts the mailbox only on request, and publishes it on this machine only', () => {
    const { mailbox, ...others } = compose.services;
    expect(mailbox).toMatchObject({ profiles: ['mailbox'], ports: ['127.0.0.1:1080:1080'] });
    for (const { depends_on: after = {}, profiles } of Object.values(others)) {
      expect(profiles).toBeUndefined();
      expect(Object.keys(after)).not.toContain('mailbox');
    }
  });

  it('has a mailbox that answers its own pages and no other origin', async () => {
    const {
      command: [program = '', ...parameters] = [],
      environment = {},
      ports = [],
    } = compose.services.mailbox ?? {};
    expect([program, ports]).toEqual(['node', [`127.0.0.1:${environment.MAILBOX_PORT}:${environment.MAILBOX_PORT}`]]);
    const [smtpPort, webPort, folder] = [
      await freePort(),
      await freePort(),
      await mkdtemp(path.join(tmpdir(), 'compose-')),
    ];
    const mailbox = spawn(process.execPath, parameters, {
      env: { ...environment, SMTP_PORT: String(smtpPort), MAILBOX_PORT: String(webPort), TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(mailbox.stdout, 'data');
      const url = `http://127.0.0.1:${webPort}/api/email`;
      const ask = async (headers: Record<string, string>) => {
        const { status, headers: answered } = await fetch(url, { headers });
        return [status, answered.get('access-control-allow-origin')];
      };
      expect(await ask({})).toEqual([200, null]);
      expect(await ask({ origin: `http://127.0.0.1:${webPort}` })).toEqual([200, null]);
      expect(await ask({ origin: 'http://evil.example' })).toEqual([403, null]);
    } finally {
      mailbox.kill();
      await once(mailbox, 'close');
      await rm(folder, { recursive: true });
    }
    expect(mailbox.exitCode).toBe(0);
  });

  it.each(['api', 'gateway', 'worker'])(
    'gives the app %s an environment that it accepts, and a program that is built',
    (name) => {
      const { environment = {}, command = [], ports = [] } = compose.services[name] as Service;
      const read = (more: Record<string, string> = {}) =>
        readConfiguration(
          Object.fromEntries(
            Object.entries(environment).map(([variable, value]) => [variable, filled(value, { ...set, ...more })]),
          ),
        );
      // Metrics are only for the container, unless a variable sets another interface; their ports are not published.
      expect(read()).toMatchObject({ HOST: '0.0.0.0', METRICS_HOST: '127.0.0.1', TRUSTED_PROXIES: 0 });
      for (const port of ports) expect(port).not.toMatch(/:93\d\d$/);
      const more = { TRUSTED_PROXIES: '2', MAIL_FROM: 'RAICT <raict@example.org>', PUBLIC_URL: 'https://pages.test' };
      expect(read(more)).toMatchObject({ ...more, TRUSTED_PROXIES: 2 });
      expect(command).toEqual(['node', ...appCommand(name as AppName)]);
      expect(existsSync(command.at(-1) ?? '')).toBe(true);
    },
  );
});
