import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const run = promisify(execFile);

/** The rules that imports of the sources break, each with the importing file. */
async function broken(): Promise<string[]> {
  const { stdout } = await run(
    process.execPath,
    [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      ...['--config', 'test/house/arrows.mjs', '--output-type', 'json', '--ts-config', 'tsconfig.json'],
      ...['--ts-pre-compilation-deps', '--exclude', 'generated|dist|node_modules/(?!zod/)', 'apps', 'libs'],
    ],
    { maxBuffer: 2 ** 28, env: { ...process.env, NODE_OPTIONS: '' } },
  ).catch((error) => error as { stdout: string });
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number };
  };
  expect(summary.totalCruised).toBeGreaterThan(100);
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

describe('the imports', () => {
  it('follow the rules of arrows.mjs', async () => {
    expect(await broken()).toEqual([]);
  });

  describe('with some that do not', () => {
    const files = {
      'libs/live/src/crooked/wrong.ts': `export { auditSeats } from '#seats';\n`,
      'apps/web/src/crooked/wrong.ts': `export { HostPage } from '../host/host-page.tsx';\n`,
      'apps/web/src/shared/crooked/wrong.ts': `export { HostPage } from '../../host/host-page.tsx';\n`,
      'apps/gateway/src/crooked/wrong.ts': `export { startApi } from '../../../api/src/api.ts';\n`,
    };
    beforeAll(async () => {
      for (const [file, text] of Object.entries(files)) {
        await mkdir(file.replace('/wrong.ts', ''), { recursive: true });
        await writeFile(file, text);
      }
    });
    afterAll(async () => {
      for (const file of Object.keys(files)) await rm(file.replace('/wrong.ts', ''), { recursive: true, force: true });
    });

    it('are found', async () => {
      const found = (await broken()).join('\n');
      expect(found).toContain('delivery-libs-import-platform-contract-text-only: libs/live/src/crooked/wrong.ts');
      expect(found).toContain('apps-do-not-import-apps: apps/gateway/src/crooked/wrong.ts');
      expect(found).toContain('web-features-do-not-import-each-other: apps/web/src/crooked/wrong.ts');
      expect(found).toContain('web-shared-imports-no-feature: apps/web/src/shared/crooked/wrong.ts');
    });
  });
});
