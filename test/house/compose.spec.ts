import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { Environment, readConfiguration, secretVariables } from '#platform';
import { type AppName, appCommand } from '../../apps/local/src/apps.ts';
import { freePort } from '../../apps/local/src/ports.ts';

const text = { type: 'string' };
const texts = { type: 'array', items: text };
const record = (value: object) => ({ type: 'object', additionalProperties: value });
const closed = (required: string[], properties: object) => ({
  type: 'object',
  required,
  additionalProperties: false,
  properties,
});
const duration = { type: 'string', pattern: '^\\d+(ms|s|m)$' };
const service = {
  ...closed([], {
    build: text,
    image: text,
    command: { ...texts, minItems: 1 },
    user: text,
    restart: { enum: ['no', 'always', 'on-failure', 'unless-stopped'] },
    stop_grace_period: duration,
    environment: record({ type: ['string', 'number'] }),
    ports: texts,
    networks: texts,
    secrets: texts,
    tmpfs: texts,
    volumes: { type: 'array', items: { type: 'string', pattern: '^(\\./)?[a-zA-Z/]+:/[^:]+(:ro)?$' } },
    logging: closed(['driver'], { driver: text, options: record(text) }),
    configs: {
      type: 'array',
      items: closed(['source', 'target'], { source: text, target: { type: 'string', pattern: '^/' } }),
    },
    depends_on: record(
      closed(['condition'], {
        condition: { enum: ['service_started', 'service_healthy', 'service_completed_successfully'] },
      }),
    ),
    healthcheck: closed(['test'], {
      test: { ...texts, minItems: 2 },
      interval: duration,
      timeout: duration,
      start_period: duration,
      retries: { type: 'integer', minimum: 1 },
    }),
  }),
  anyOf: [{ required: ['image'] }, { required: ['build'] }],
};
/** The part of the Compose specification that the files use. Any other key in them is a mistake. */
const schema = {
  ...closed(['name', 'services', 'volumes'], {
    name: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' },
    volumes: record(closed([], {})),
    networks: record(closed([], { internal: { type: 'boolean' } })),
    secrets: record(closed(['file'], { file: text })),
    configs: record(closed(['content'], { content: text })),
    services: record(service),
  }),
  patternProperties: { '^x-': {} },
};

interface Service {
  image?: string;
  restart?: string;
  user?: string;
  networks?: string[];
  secrets?: string[];
  ports?: string[];
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  logging?: object;
  volumes?: string[];
  configs?: { source: string; target: string }[];
}

interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, object>;
  networks?: Record<string, { internal?: boolean }>;
  secrets?: Record<string, { file: string }>;
  configs?: Record<string, { content: string }>;
}

const read = (file: string) => parse(readFileSync(file, 'utf8'), { merge: true }) as Compose;
const APPS = ['api', 'gateway', 'worker'] as const;

/**
 * The value of `${NAME:-default}` and `${NAME:?message}` as Compose computes it. @throws Error with the message when the variable is
 * missing
 */
function filled(value: unknown, environment: Record<string, string>): string {
  return String(value)
    .replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
      if (environment[name]) return environment[name];
      if (kind === '-') return rest;
      throw new Error(`${name}: ${rest}`);
    })
    .replaceAll('$$', '$');
}

/** The environment that the process of a service gets. The files of its secrets are in this folder. */
function environmentOf({ environment = {} }: Service, set: Record<string, string>, secrets: string) {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      filled(value, set).replace(/^\/(run\/)?secrets\//, `${secrets}/`),
    ]),
  );
}

let secrets: string;
beforeAll(async () => {
  secrets = await mkdtemp(path.join(tmpdir(), 'comptoir-test-compose-'));
  const values = {
    app_secret: 'x'.repeat(40),
    database_password: 'p@ss/wörd%41',
    redis_password: 'r3dis#?',
    smtp_url: 'smtps://cafes:secret@mail.example.org',
  };
  for (const [name, value] of Object.entries(values)) await writeFile(path.join(secrets, name), `${value}\n`);
});
afterAll(() => rm(secrets, { recursive: true }));

describe.each(['docker-compose.yml', 'docker-compose.demonstration.yml'])('%s', (file) => {
  const compose = read(file);

  it('is a Compose file', () => {
    const validate = new Ajv({ allErrors: true, strictTypes: false, strictRequired: false }).compile(schema);
    expect([validate(compose), validate.errors]).toEqual([true, null]);
    expect(validate({ ...compose, services: { api: { imagee: 'x' } } })).toBe(false);
  });

  it('names only existing services, volumes, networks, secrets and configurations, and waits only for services with a health check', () => {
    for (const each of Object.values(compose.services)) {
      for (const [name, { condition }] of Object.entries(each.depends_on ?? {})) {
        expect(Object.keys(compose.services)).toContain(name);
        if (condition === 'service_healthy') expect(compose.services[name]?.healthcheck).toBeDefined();
      }
      for (const [source = ''] of (each.volumes ?? []).map((volume) => volume.split(':'))) {
        if (source.startsWith('./')) expect(existsSync(source)).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
      for (const name of each.networks ?? []) expect(Object.keys(compose.networks ?? {})).toContain(name);
      for (const name of each.secrets ?? []) expect(Object.keys(compose.secrets ?? {})).toContain(name);
      for (const { source } of each.configs ?? []) expect(Object.keys(compose.configs ?? {})).toContain(source);
    }
  });

  it.each(APPS)('gives the app %s the command of npm start, and programs that are built', (name) => {
    const { command = [], healthcheck } = compose.services[name] as Service;
    expect(command).toEqual(['node', ...appCommand(name as AppName)]);
    const programs = [command, healthcheck?.test ?? [], compose.services.prepare?.command ?? []].flatMap((words) =>
      words.join(' ').match(/dist\/\S+\.js/g),
    );
    for (const program of programs) expect([program, program === null || existsSync(program)]).toEqual([program, true]);
  });

  it('contains no secret', () => {
    const fixed = readFileSync(file, 'utf8').match(/^\s*\S*(SECRET|PASSWORD|KEY):\s*\S+/gm) ?? [];
    expect(fixed).toEqual([]);
  });
});

describe('docker-compose.yml, for production', () => {
  const compose = read('docker-compose.yml');
  const required = {
    SECRETS: '/secrets',
    PUBLIC_URL: 'https://cafes.example.org',
    MAIL_FROM: 'RAICT <raict@example.org>',
  };

  it.each(Object.keys(required))('is refused without %s, with a line that names the variable to set', (name) => {
    const without: Record<string, string> = { ...required, [name]: '' };
    expect(() => filled(JSON.stringify(compose), required)).not.toThrow();
    expect(() => filled(JSON.stringify(compose), without)).toThrow(new RegExp(`^${name}: set it to `));
  });

  /** The variables of an app that a container sets itself: its ports, and the production mode. */
  const FIXED = ['NODE_ENV', 'PORT', 'GATEWAY_PORT', 'WORKER_PORT', 'METRICS_PORT'];
  /** A secret that is a part of another one, and the passwords that are separate from their addresses. */
  const IN_ANOTHER = [
    'SMTP_URL',
    'SMTP_PASSWORD',
    'REDIS_PASSWORD',
    'DATABASE_PASSWORD',
    'APP_SECRET',
    'MAIL_DKIM_KEY',
  ];

  it('can set each variable of the apps, and no other', () => {
    const variables = Object.keys(Environment.shape).filter((name) => !FIXED.includes(name));
    const known = [...variables, ...secretVariables.map((name) => `${name}_FILE`)];
    for (const name of APPS) {
      const given = Object.keys(compose.services[name]?.environment ?? {});
      expect(given.filter((each) => !known.includes(each))).toEqual([]);
      const wanted = [...variables, ...secretVariables].map((each) =>
        IN_ANOTHER.includes(each) ? `${each}_FILE` : each,
      );
      expect(wanted.filter((each) => !given.includes(each) && each !== 'SMTP_PASSWORD_FILE')).toEqual([]);
    }
  });

  it.each(APPS)('gives the app %s an environment that it accepts, with any password', (name) => {
    const service = compose.services[name] as Service;
    const configuration = (more: Record<string, string> = {}) =>
      readConfiguration(environmentOf(service, { ...required, ...more }, secrets));
    expect(configuration()).toMatchObject({
      HOST: '0.0.0.0',
      METRICS_HOST: '127.0.0.1',
      TRUSTED_PROXIES: 1,
      PUBLIC_URL: required.PUBLIC_URL,
      // Both have one host name.
      GATEWAY_URL: required.PUBLIC_URL,
      SMTP_URL: 'smtps://cafes:secret@mail.example.org',
    });
    expect(decodeURIComponent(new URL(configuration().DATABASE_URL).password)).toBe('p@ss/wörd%41');
    expect(decodeURIComponent(new URL(configuration().REDIS_URL).password)).toBe('r3dis#?');
    expect(configuration({ MAIL_OFF: '1', LOG_LEVEL: 'warn' })).toMatchObject({ MAIL_OFF: true, LOG_LEVEL: 'warn' });
  });

  it('publishes only the ports of the proxy, and gives only the worker access to the internet', () => {
    const { proxy, worker, ...others } = compose.services;
    expect(proxy?.ports).toEqual(['80:80', '443:443', '443:443/udp']);
    for (const each of Object.values({ worker, ...others })) expect(each?.ports).toBeUndefined();
    expect(compose.networks).toEqual({ proxy: {}, data: { internal: true }, mail: {} });
    expect(Object.entries(compose.services).map(([name, { networks }]) => [name, networks])).toEqual([
      ['proxy', ['proxy']],
      ['api', ['proxy', 'data']],
      ['gateway', ['proxy', 'data']],
      ['worker', ['data', 'mail']],
      ['prepare', ['data']],
      ['postgres', ['data']],
      ['redis', ['data']],
    ]);
  });

  it('restarts and checks each long-running service, and limits its log', () => {
    const { prepare, ...staying } = compose.services;
    expect(prepare?.restart).toBe('no');
    for (const [name, { restart, logging, healthcheck }] of Object.entries(staying)) {
      expect([name, restart, logging]).toEqual([
        name,
        'unless-stopped',
        { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } },
      ]);
      if (name !== 'proxy') expect([name, healthcheck?.test]).toEqual([name, expect.anything()]);
    }
  });

  it('contains neither the mailbox nor the demonstration', () => {
    expect(Object.keys(compose.services)).not.toContain('mailbox');
    expect(JSON.stringify(compose)).not.toMatch(/mailbox|demonstration|programme|raict/i);
  });

  it('gives Redis the password of its clients in a file', async () => {
    const { command = [], configs = [] } = compose.services.redis as Service;
    const script = filled(command[2], required)
      .replace('/run/secrets/', `${secrets}/`)
      .replaceAll('/run/redis/redis.conf', path.join(secrets, 'made.conf'))
      .replace(configs[0]?.target ?? '', path.join(secrets, 'given.conf'))
      .replace('exec redis-server', 'echo');
    await writeFile(path.join(secrets, 'given.conf'), compose.configs?.redis?.content ?? '');
    execFileSync('sh', ['-c', script], { stdio: 'ignore' });
    const made = readFileSync(path.join(secrets, 'made.conf'), 'utf8');
    expect(made).toBe('appendonly yes\ndir /data\nmaxmemory-policy noeviction\nrequirepass "r3dis#?"\n');
  });
});

describe('docker-compose.demonstration.yml', () => {
  const compose = read('docker-compose.demonstration.yml');

  it('needs no variables, and publishes its ports only on this machine', () => {
    expect(() => filled(JSON.stringify(compose), {})).not.toThrow();
    expect(readFileSync('docker-compose.demonstration.yml', 'utf8')).not.toMatch(/\$\{/);
    const ports = Object.values(compose.services).flatMap(({ ports: each = [] }) => each);
    expect(ports).toHaveLength(3);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
  });

  it.each(APPS)('gives the app %s an environment that it accepts', (name) => {
    expect(readConfiguration(environmentOf(compose.services[name] as Service, {}, secrets))).toMatchObject({
      SMTP_URL: 'smtp://mailbox:1025',
      PUBLIC_URL: 'http://localhost:3000',
    });
  });

  it('has a mailbox that answers only its own pages and no other origin', async () => {
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
});
