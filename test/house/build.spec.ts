import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

describe('the build of the servers', () => {
  let sources: string[];

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--listFilesOnly'],
      { maxBuffer: 2 ** 24, env: { ...process.env, NODE_OPTIONS: '' } },
    );
    const own = `${process.cwd()}/`;
    sources = stdout.split('\n').flatMap((file) => {
      return file.startsWith(own) && !file.includes('/node_modules/') ? [file.slice(own.length)] : [];
    });
  });

  it('contains the product and no test file', () => {
    expect(sources).toContain('apps/api/src/main.ts');
    expect(sources).toContain('apps/local/src/start.ts');
    expect(sources.filter((file) => /^test\/|\.spec\.tsx?$/.test(file))).toEqual([]);
  });

  it('contains no source file with the path of a test file', () => {
    const naming = sources.filter((file) => /['"`/](dist\/)?test\/[a-z]/.test(readFileSync(file, 'utf8')));
    expect(naming).toEqual([]);
  });
});
