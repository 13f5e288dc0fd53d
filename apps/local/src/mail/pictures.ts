import { chromium } from 'playwright-core';
import { requireChromium } from '../chromium.ts';
import { fileOf, type MailPage } from './pages.ts';

/** The width and height of a phone of medium size, in points. A picture is as tall as its message. */
const PHONE_WIDTH = 390;
const HEIGHT_MIN = 200;

/** A message as a phone shows it. */
export interface MailPicture {
  file: string;
  png: Buffer;
  /** The number of points by which the message is wider than the screen. */
  overflow: number;
}

/** Takes a picture of each page in Chromium, with one screen pixel for each point. */
export async function takePictures(
  pages: MailPage[],
  { colorScheme = 'light' }: { colorScheme?: 'light' | 'dark' } = {},
): Promise<MailPicture[]> {
  const browser = await chromium.launch({
    executablePath: requireChromium(),
    args: ['--no-sandbox', '--disable-lcd-text'],
  });
  try {
    const context = await browser.newContext({
      viewport: { width: PHONE_WIDTH, height: HEIGHT_MIN },
      colorScheme,
      offline: true,
    });
    const screen = await context.newPage();
    const pictures: MailPicture[] = [];
    for (const page of pages) {
      await screen.setContent(page.html, { waitUntil: 'load' });
      await screen.evaluate('document.fonts.ready.then(() => true)');
      const width = Number(await screen.evaluate('document.documentElement.scrollWidth'));
      const png = await screen.screenshot({ fullPage: true, animations: 'disabled' });
      pictures.push({ file: fileOf(page), png, overflow: Math.max(0, width - PHONE_WIDTH) });
    }
    return pictures;
  } finally {
    await browser.close();
  }
}
