import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import { chromium } from 'playwright-core';
import { fileOf, type MailPage, mailPages } from '../../apps/local/src/mail/pages.ts';
import { takePictures } from '../../apps/local/src/mail/pictures.ts';
import { findChromium } from '../support/index.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = 'docs/mail';

let pages: MailPage[];
beforeAll(async () => {
  pages = await mailPages();
});

describe('every message on a phone', () => {
  it('fits the screen, with our typefaces and without', async () => {
    for (const shown of [pages, await mailPages({ withTypefaces: false })]) {
      const pictures = await takePictures(shown);
      expect(pictures.filter(({ overflow }) => overflow > 0).map(({ file }) => file)).toEqual([]);
      expect(pictures).toHaveLength(pages.length);
    }
  }, 60_000);

  it('is found out where it does not', async () => {
    const [page] = pages as [MailPage];
    const wide = { ...page, html: page.html.replace('</body>', '<div style="width:600px">x</div></body>') };
    expect((await takePictures([wide]))[0]?.overflow).toBeGreaterThan(0);
  });

  it('is pictured in docs/mail', () => {
    expect(readdirSync(PICTURES).sort()).toEqual(pages.map((page) => `${fileOf(page)}.png`).sort());
  });

  it('can be read by everybody, in the light and in the dark', async () => {
    const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
    const faults: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const screen = await browser.newPage({ viewport: { width: 390, height: 844 }, colorScheme });
      for (const page of pages.filter(({ locale }) => locale === 'fr')) {
        await screen.setContent(page.html);
        await screen.evaluate(AXE);
        const rules =
          '["color-contrast","image-alt","html-has-lang","document-title","link-name","heading-order","empty-heading"]';
        const { violations } = (await screen.evaluate(`axe.run({runOnly:${rules}})`)) as AxeResults;
        for (const { id, nodes } of violations) {
          faults.push(
            ...nodes.map(
              (node) => `${page.name} ${colorScheme} ${id}: ${node.target.join(' ')} ${node.failureSummary}`,
            ),
          );
        }
      }
      await screen.close();
    }
    await browser.close();
    expect(faults).toEqual([]);
  }, 60_000);
});
