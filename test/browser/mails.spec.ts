import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import { fileOf, type MailPage, mailPages } from '../../apps/local/src/mail/pages.ts';
import { takePictures } from '../../apps/local/src/mail/pictures.ts';
import { launchChromium } from '../support/browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = 'docs/mail';
/** Messages that together show every part that messages have. */
const DIFFERENT = new Set(['prove-address', 'offered', 'cafe-moved', 'reminder-soon', 'host-list']);

let pages: MailPage[];
beforeAll(async () => {
  pages = await mailPages();
});

describe('every message on a phone', () => {
  it('fits the screen, with our typefaces and with others', async () => {
    const withOthers = (await mailPages({ withTypefaces: false })).filter(({ name }) => DIFFERENT.has(name));
    for (const shown of [pages, withOthers]) {
      const pictures = await takePictures(shown);
      expect(pictures.filter(({ overflow }) => overflow > 0).map(({ file }) => file)).toEqual([]);
      expect(pictures).toHaveLength(shown.length);
    }
  });

  it('is reported when it does not fit', async () => {
    const [page] = pages as [MailPage];
    const wide = { ...page, html: page.html.replace('</body>', '<div style="width:600px">x</div></body>') };
    expect((await takePictures([wide]))[0]?.overflow).toBeGreaterThan(0);
  });

  it('has a picture in docs/mail', () => {
    expect(readdirSync(PICTURES).sort()).toEqual(pages.map((page) => `${fileOf(page)}.png`).sort());
  });

  it('violates no rule of accessibility, in the light and the dark theme', async () => {
    const browser = await launchChromium();
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const screen = await browser.newPage({ viewport: { width: 390, height: 844 }, colorScheme });
      for (const page of pages.filter(({ name, locale }) => locale === 'fr' && DIFFERENT.has(name))) {
        await screen.setContent(page.html);
        await screen.evaluate(AXE);
        const rules =
          '["color-contrast","image-alt","html-has-lang","document-title","link-name","heading-order","empty-heading"]';
        const { violations } = (await screen.evaluate(`axe.run({runOnly:${rules}})`)) as AxeResults;
        for (const { id, nodes } of violations) {
          found.push(
            ...nodes.map(
              (node) => `${page.name} ${colorScheme} ${id}: ${node.target.join(' ')} ${node.failureSummary}`,
            ),
          );
        }
      }
      await screen.close();
    }
    await browser.close();
    expect(found).toEqual([]);
  });
});

describe('npm run mail', () => {
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['dist/apps/local/src/mail/mail.js', ...args], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });

  it('writes every message as a page and as text, and a page that links to them', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'comptoir-test-mail-'));
    try {
      const { stdout } = await run('preview', '--out', folder);
      expect(stdout).toContain(`${pages.length} messages`);
      const files = pages.flatMap((page) => [`${fileOf(page)}.html`, `${fileOf(page)}.txt`]);
      expect((await readdir(folder)).sort()).toEqual([...files, 'index.html'].sort());
      expect(readFileSync(path.join(folder, 'confirmed.fr.html'), 'utf8')).not.toMatch(/cid:|src="http/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('prints its usage after wrong arguments', async () => {
    for (const wrong of [[], ['pictures'], ['preview', '--port', 'x'], ['preview', '--nonsense']]) {
      await expect(run(...wrong)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('Usage:') });
    }
  });
});
