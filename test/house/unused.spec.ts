import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const CONFIG = 'test/house/unused.mjs';
/** Left out: types that only one file needs yet. */
const KINDS = 'files,dependencies,unlisted,binaries,unresolved,exports,duplicates';

/** What nobody uses, a line each. */
async function unused(config: string): Promise<string> {
  const args = ['node_modules/knip/bin/knip.js', '--config', config, '--include', KINDS];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...args, '--reporter', 'compact', '--no-progress', '--no-config-hints'],
    { env: { ...process.env, NODE_OPTIONS: '' } },
  ).catch((error: { code: number; stdout: string; stderr: string }) => {
    // 1 is "something was found"; anything else is a fault of the run.
    if (error.code !== 1) throw new Error(error.stderr);
    return error;
  });
  return stdout.trim();
}

describe('the repository', () => {
  it('has no file, export or package that nobody uses', async () => {
    expect(await unused(CONFIG)).toBe('');
  });

  it('finds out a file that nobody uses', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'comptoir-test-unused-'));
    const config = path.join(folder, 'config.mjs');
    await writeFile(
      config,
      `import house from ${JSON.stringify(pathToFileURL(CONFIG).href)};
       export default { ...house, entry: house.entry.filter((entry) => !entry.startsWith('test/bench/')) };`,
    );
    try {
      expect(await unused(config)).toContain('test/bench/main.ts');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
