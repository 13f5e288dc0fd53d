import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CallName, callNames, declarationOf, NO_BODY, pathParameter, routeOf } from '#contract';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';
import { exampleOf, NoExample } from './examples.ts';
import { openApiDocument } from './openapi.ts';

interface Content {
  example?: unknown;
  examples?: Record<string, { value: { code: string } }>;
}
interface Operation {
  parameters: { name: string; in: string; example?: unknown }[];
  requestBody?: { content: { 'application/json': Content } };
  responses: Record<string, { description: string; content?: Record<string, Content> }>;
}

const document = openApiDocument() as { paths: Record<string, Record<string, Operation>> };
const operationOf = (name: CallName) => {
  const { method, path: address } = routeOf(name);
  return document.paths[address]?.[method.toLowerCase()] as Operation;
};

describe('the examples of the documentation', () => {
  it('match the schemas of the call, for each body, answer and parameter', () => {
    for (const name of callNames) {
      const { body, answers } = declarationOf(name);
      const operation = operationOf(name);
      const check = (shape: { safeParse(value: unknown): { success: boolean } }, example: unknown) =>
        expect([name, example, shape.safeParse(example).success]).toEqual([name, example, true]);
      if (body) check(body, operation.requestBody?.content['application/json'].example);
      for (const [status, shape] of Object.entries(answers)) {
        if (shape === NO_BODY || typeof shape === 'string' || /(openapi|asyncapi).json$/.test(name)) continue;
        check(shape, operation.responses[status]?.content?.['application/json']?.example);
      }
      for (const parameter of operation.parameters) {
        if (parameter.in === 'path') check(pathParameter(parameter.name), parameter.example);
      }
    }
  });

  it('were written by hand: a member without an example causes an error with its name', () => {
    const schema = { type: 'object', required: ['novelty'], properties: { novelty: { type: 'string' } } };
    expect(() => exampleOf(schema, 'POST /things body')).toThrow(NoExample);
    expect(() => exampleOf(schema, 'POST /things body')).toThrow('POST /things body.novelty has no example');
    const years = JSON.stringify(document).match(/\b\d{4}-\d\d-\d\dT/g) ?? [];
    expect(new Set(years.map((each) => each.slice(0, 4)))).toEqual(new Set(['2027']));
  });
});

describe('the problems of the documentation', () => {
  it('include those of all writes, each with an example', () => {
    for (const name of callNames.filter((each) => !each.startsWith('GET '))) {
      const { responses } = operationOf(name);
      for (const [status, code] of [
        ['403', 'not-allowed'],
        ['413', 'payload-too-large'],
        ['415', 'unsupported-media-type'],
      ] as const) {
        expect([name, responses[status]?.description]).toEqual([name, expect.stringContaining(code)]);
        const { examples = {} } = responses[status]?.content?.['application/problem+json'] ?? {};
        expect(examples[code]?.value.code).toBe(code);
      }
    }
  });
});

describe('the guide to the first call (docs/first-call.md)', () => {
  let api: TestApi;
  let folder: string;
  let slug: string;
  beforeAll(async () => {
    api = await startTestApi();
    const { eventId } = await buildEvent(api.database.pool, [{ seats: 5, startsAfterMinutes: 600 }]);
    slug = (await api.database.pool.query('select slug from event where id = $1', [eventId])).rows[0].slug;
    folder = await mkdtemp(path.join(tmpdir(), 'comptoir-test-guide-'));
  });
  afterAll(async () => {
    await api.stop();
    await rm(folder, { recursive: true });
  });

  it('has commands that work in their order, unchanged', async () => {
    const [ada = ''] = await buildPeople(api.database.pool, 1);
    const { rows } = await api.database.pool.query('select email from attendee where id = $1', [ada]);
    const link = new URL(await api.people.signInMails.createOperatorLink(rows[0].email, { ttlHours: 1, next: '/' }));
    const commands = [...readFileSync('docs/first-call.md', 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(
      ([, text]) => text,
    );
    expect(commands.length).toBeGreaterThan(4);
    const script = ['set -eu', ...commands].join('\n');
    const { stdout } = await promisify(execFile)('sh', ['-c', script], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        API: `${api.url}/api/v1`,
        SLUG: slug,
        TOKEN: link.searchParams.get('token') ?? '',
      },
    });
    expect(stdout).toContain('"status":"confirmed"');
    expect(stdout).toContain('"status":"cancelled"');
    expect(stdout).toContain('"code":"cafe-not-found"');
  });
});
