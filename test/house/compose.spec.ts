import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { readConfiguration } from '#platform';
import { type AppName, appCommand } from '../../apps/local/src/apps.ts';

const text = { type: 'string' };
const texts = { type: 'array', items: text };
const record = (value: object) => ({ type: 'object', additionalProperties: value });
/** The part of the Compose specification that the file uses; anything else in it is a mistake. */
const schema = {
  type: 'object',
  required: ['name', 'services', 'volumes'],
  additionalProperties: false,
  patternProperties: { '^x-': {} },
  properties: {
    name: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' },
    volumes: record({ type: 'null' }),
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
        ports: { type: 'array', items: { type: 'string', pattern: '^\\d+:\\d+$' } },
        volumes: { type: 'array', items: { type: 'string', pattern: '^[a-z]+:/' } },
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
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  volumes?: string[];
}

describe('docker-compose.yml', () => {
  const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
    services: Record<string, Service>;
    volumes: Record<string, null>;
  };

  it('is a Compose file', () => {
    const validate = new Ajv({ allErrors: true, strictTypes: false, strictRequired: false }).compile(schema);
    expect([validate(compose), validate.errors]).toEqual([true, null]);
    expect(validate({ ...compose, services: { api: { imagee: 'x' } } })).toBe(false);
  });

  it('waits for services that are there, and for health only where it is checked', () => {
    for (const { depends_on: after = {}, volumes = [] } of Object.values(compose.services)) {
      for (const [name, { condition }] of Object.entries(after)) {
        expect(Object.keys(compose.services)).toContain(name);
        if (condition === 'service_healthy') expect(compose.services[name]?.healthcheck).toBeDefined();
      }
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
  });

  it.each(['api', 'gateway', 'worker'])(
    'gives the app %s an environment that it accepts, and a program that is built',
    (name) => {
      const { environment = {}, command = [] } = compose.services[name] as Service;
      const secret = 'x'.repeat(32);
      const filled = Object.fromEntries(
        Object.entries(environment).map(([variable, value]) => [
          variable,
          String(value).replace(/\$\{(\w+):([-?])([^}]*)\}/, (_, __, kind: string, rest: string) =>
            kind === '-' ? rest : secret,
          ),
        ]),
      );
      expect(readConfiguration(filled)).toMatchObject({ HOST: '0.0.0.0', APP_SECRET: secret });
      expect(command).toEqual(['node', ...appCommand(name as AppName)]);
      expect(existsSync(command.at(-1) ?? '')).toBe(true);
    },
  );
});
