import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { BUILD_ID, readBuildId } from './build.ts';
import { openMetrics } from './metrics.ts';
import { addProbes } from './probes.ts';

it('the id of a build is the start of the hash of its sources; without a build it is "development"', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'build-'));
  const file = path.join(folder, 'built.json');
  expect(readBuildId(file)).toBe('development');
  writeFileSync(file, JSON.stringify({ servers: '0123456789abcdef0123456789abcdef' }));
  expect(readBuildId(file)).toBe('0123456789ab');
  rmSync(folder, { recursive: true });
});

it('health and metrics contain the id of the running build', async () => {
  const server = fastify();
  addProbes(server, { checks: [] });
  expect((await server.inject({ url: '/health/live' })).json()).toEqual({ status: 'ok', build: BUILD_ID });
  await server.close();
  expect(await openMetrics('test').text()).toContain(`comptoir_build_info{build="${BUILD_ID}",app="test"} 1`);
});
