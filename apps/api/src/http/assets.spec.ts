import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { addAssets } from './assets.ts';

let folder: string;
let server: FastifyInstance;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'assets-'));
  const files = {
    'now/index.html': 'new page',
    'now/sw.js': 'new worker',
    'now/assets/same-1.js': 'same',
    'now/assets/page-2.js': 'new',
    'before/index.html': 'old page',
    'before/sw.js': 'old worker',
    'before/assets/same-1.js': 'same',
    'before/assets/page-1.js': 'old',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  server = fastify();
  await addAssets(
    server,
    ['now', 'before', 'missing'].map((name) => path.join(folder, name)),
  );
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

it.each([
  ['/assets/page-2.js', 'new'],
  ['/assets/same-1.js', 'same'],
  ['/assets/page-1.js', 'old'],
  ['/sw.js', 'new worker'],
])('serves %s from the current build, or from the previous one if only that has it', async (url, text) => {
  const answer = await server.inject({ url });
  expect([answer.statusCode, answer.body]).toEqual([200, text]);
  const cacheControl = url.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  expect(answer.headers['cache-control']).toBe(cacheControl);
});
