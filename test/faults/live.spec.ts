import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/index.ts';
import type { FaultKind } from './live/kinds.ts';
import { type LiveStack, openLiveStack } from './live/live-stack.ts';
import { runHistory, runHistoryOn } from './live.ts';
import { randomOf } from './random.ts';

const extent = { least: 500, most: 1_000 };
let testDatabase: TestDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});

afterAll(() => testDatabase.drop());

describe('every screen equals the database within two seconds, and shows no older version after a newer one,', () => {
  let stack: LiveStack;

  beforeAll(async () => {
    stack = await openLiveStack({ databaseUrl: testDatabase.url, random: randomOf(1) });
  });
  afterAll(() => stack?.close());

  it.each<[number, FaultKind[]]>([
    [1, ['redisCut', 'gatewayKilled']],
    [2, ['rollingRestart', 'staleFeed']],
    [3, ['clientSleeps', 'hostileCrowd']],
  ])('in the history of seed %i: %j', async (seed, kinds) => {
    expect(await runHistoryOn(stack, { seed, kinds, extentOf: () => extent })).toEqual([]);
  });
});

describe('the test finds it', () => {
  const mutate = (file: string, line: string, instead: string) => ({
    NODE_OPTIONS: `--import ${pathToFileURL(path.resolve('test/faults/live/mutate.mjs')).href}`,
    MUTATE: JSON.stringify({ file, line, instead }),
  });

  /** The violations in the first history that has any. In a single history a mutant may have no effect. */
  async function firstFound(kind: FaultKind, preload: Record<string, string>): Promise<string[]> {
    for (const seed of [4, 5, 6, 7]) {
      const violations = await runHistory({
        databaseUrl: testDatabase.url,
        seed,
        kinds: [kind],
        extentOf: () => extent,
        preload,
      });
      if (violations.length > 0) return violations;
    }
    return [];
  }

  it.each<[string, FaultKind, Record<string, string>]>([
    [
      'when a gateway no longer compares versions with the database',
      'redisCut',
      mutate(
        '/gateway/src/counts/counts.js',
        'const { cafes, all } = await this.#readVersions(gapEnded);',
        'const cafes = [], all = false;',
      ),
    ],
    [
      'when the memory of a gateway grows without a limit',
      'redisCut',
      mutate(
        '/gateway/src/counts/counts.js',
        'const { cafes, all } = await this.#readVersions(gapEnded);',
        'const { cafes, all } = await this.#readVersions(gapEnded); (globalThis.kept ??= []).push(Buffer.alloc(10_000_000));',
      ),
    ],
    [
      'when a gateway stores older counts as newer ones',
      'staleFeed',
      mutate('/live/src/seat-counts.js', 'known && known.version >= counts.version', 'false'),
    ],
    [
      'when the last state of a busy room is not sent',
      'clientSleeps',
      mutate('/live/src/coalescer.js', 'if (busy.changed)', 'if (false)'),
    ],
    [
      'when a client does not read the state again over its new connection',
      'gatewayKilled',
      mutate(
        '/client/src/live-client.ts',
        'this.#setConnected(true);\n      this.#requestAll();',
        'this.#setConnected(true);',
      ),
    ],
  ])('%s', async (_, kind, preload) => {
    expect(await firstFound(kind, preload)).not.toEqual([]);
  });
});
