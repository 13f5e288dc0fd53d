import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const CONFIG = 'test/house/unused.mjs';
/** Not reported: exported types that only one file uses. */
const KINDS = 'files,dependencies,unlisted,binaries,unresolved,exports,duplicates';

/** The unused files, exports and packages, a line each. */
async function unused(config: string): Promise<string> {
  const args = ['node_modules/knip/bin/knip.js', '--config', config, '--include', KINDS];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...args, '--reporter', 'compact', '--no-progress', '--no-config-hints'],
    { env: { ...process.env, NODE_OPTIONS: '' } },
  ).catch((error: { code: number; stdout: string; stderr: string }) => {
    // Exit code 1: the run found something. Other codes: the run failed.
    if (error.code !== 1) throw new Error(error.stderr);
    return error;
  });
  return stdout.trim();
}

describe('the repository', () => {
  it('has no unused file, export or package', async () => {
    expect(await unused(CONFIG)).toBe('');
  });

  it('finds an unused file', async () => {
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
