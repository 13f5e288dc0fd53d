import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/index.ts';

const TEXT = 'prisma/programme/source/raict-2024.txt';
const RAICT = 'prisma/programme/raict-2024.json';

let clone: TestDatabase;
let folder: string;

beforeAll(async () => {
  clone = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'comptoir-test-programme-'));
});
afterAll(async () => {
  await clone?.drop();
  await rm(folder, { recursive: true, force: true });
});

/**
 * Runs the command from its source. `out` is its standard output, parsed if it is JSON; `err` is the list of lines of its standard error.
 */
async function programme(...args: string[]) {
  const env = { PATH: process.env.PATH, DATABASE_URL: clone.url };
  const { code, stdout, stderr } = await new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const command = ['--conditions=source', '--no-warnings', 'apps/local/src/programme.ts', ...args];
    execFile(process.execPath, command, { env, maxBuffer: 2 ** 24 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
  const out = /^[{[]/.test(stdout) ? JSON.parse(stdout) : stdout;
  return { code, out, err: stderr.split('\n').filter(Boolean) };
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const made = path.join(folder, name);
  await writeFile(made, content);
  return made;
}

describe('read', () => {
  it('writes the draft to standard output, and the doubts with their lines to standard error', async () => {
    const nfd = await file('nfd.txt', (await readFile(TEXT, 'utf8')).normalize('NFD'));
    const { code, out, err } = await programme('read', nfd);
    expect([code, out.cafes.length, out.rooms.length]).toEqual([0, 12, 2]);
    expect(err).toContainEqual(expect.stringMatching(/nfd\.txt:210: STAND DCOL: /));
  });

  it('reports in one line the kind of a file that it cannot read, and ends with 1', async () => {
    const picture = await file('programme.txt', Buffer.from('89504e470d0a1a0a', 'hex'));
    expect(await programme('read', picture)).toEqual({
      code: 1,
      out: '',
      err: [expect.stringContaining('The file is a picture.')],
    });
    expect(await programme('read', path.join(folder, 'none'))).toMatchObject({
      code: 1,
      err: [expect.stringContaining('ENOENT')],
    });
  });
});

describe('check', () => {
  it('reports whether the file is valid, and the errors with their paths', async () => {
    expect(await programme('check', RAICT)).toEqual({ code: 0, out: { valid: true, errors: [] }, err: [] });
    const wrong = (await readFile(RAICT, 'utf8'))
      .replace('"Europe/Paris"', '"+02:00"')
      .replace('"slug": ', '"slug": "twice",\n"slug": ');
    const { code, out, err } = await programme('check', await file('wrong.json', `\ufeff${wrong}`));
    expect(code).toBe(1);
    expect(out.errors.map((each: { path: string }) => each.path)).toEqual(['event.slug', 'event.timeZone']);
    expect(err).toEqual([
      expect.stringMatching(/wrong\.json: event\.slug: stands twice in one object \(line \d+\)/),
      expect.stringMatching(/wrong\.json: event\.timeZone: must be an IANA time zone/),
      '2 errors.',
    ]);
  });
});

describe('load and export', () => {
  it('load new items, find no difference the second time, and refuse with 1 what no option allows', async () => {
    const dry = await programme('load', RAICT, '--dry-run');
    expect(dry).toMatchObject({ code: 0, out: { loaded: false, dryRun: true }, err: [] });
    expect(dry.out.differences).toHaveLength(15);
    expect(await programme('export', 'raict-2024')).toEqual({
      code: 1,
      out: '',
      err: ['There is no event raict-2024.'],
    });

    expect(await programme('load', RAICT, '--as', 'draft')).toMatchObject({ code: 0, out: { loaded: true } });
    expect(await programme('load', RAICT)).toEqual({
      code: 0,
      out: { loaded: true, dryRun: false, differences: [] },
      err: [],
    });

    const exported = await programme('export', 'raict-2024');
    expect(exported.out.cafes).toHaveLength(12);
    const copy = await file('copy.json', JSON.stringify(exported.out));
    expect(await programme('load', copy, '--dry-run')).toMatchObject({ code: 0, out: { differences: [] } });

    const fewer = { ...exported.out, cafes: exported.out.cafes.slice(1) };
    const { code, out, err } = await programme('load', await file('fewer.json', JSON.stringify(fewer)));
    expect([code, out.loaded, out.differences.length]).toEqual([1, false, 1]);
    expect(err).toEqual([expect.stringMatching(/^cafe 1: removed: refused: .*--remove/), 'Nothing was loaded.']);
  });

  it('accept no unknown option', async () => {
    for (const options of [
      ['--as', 'open'],
      ['--overwrite', '--keep'],
    ])
      expect(await programme('load', RAICT, ...options)).toMatchObject({
        code: 1,
        out: '',
        err: [expect.stringContaining('Usage'), ...Array(7).fill(expect.anything())],
      });
  });
});
