import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { requireChromium } from '../../../apps/local/src/chromium.ts';

/** Slow 4G as Chromium's own tools set it: so many milliseconds for each request, and bytes a second. */
const SLOW_4G = { latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };
/** How much slower than this machine's the phone's processor is. */
const CPU_SLOWDOWN = 4;
/** A phone of the middle. */
const SCREEN = { width: 390, height: 844 };

/** What is looked for before the page has scripts: paints, when the first Café can be read, how long taps take to be seen. */
const WATCH = `
  window.seen = { taps: [] };
  new PerformanceObserver((list) => { window.seen.largestMs = list.getEntries().at(-1).startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) if (interactionId) window.seen.taps.push(duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
  new MutationObserver((_, watch) => {
    if (!document.querySelector('[data-cafe]')) return;
    window.seen.programmeMs = performance.now();
    watch.disconnect();
  }).observe(document, { childList: true, subtree: true });
`;

interface Seen {
  largestMs: number;
  programmeMs?: number;
  /** From each tap to the paint after it, in milliseconds; Chromium rounds to 8. */
  taps: number[];
}

/** A phone that is opened for the first time: nothing is kept from before. */
export interface Phone {
  page: Page;
  seen(): Promise<Seen>;
  firstContentMs(): Promise<number>;
  close(): Promise<void>;
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: requireChromium(), args: ['--no-sandbox'] });
}

/** @param network whether the network is slow as well as the processor */
export async function openPhone(
  browser: Browser,
  { network, cookie }: { network: boolean; cookie?: { name: string; value: string; url: string } },
): Promise<Phone> {
  const context: BrowserContext = await browser.newContext({ viewport: SCREEN, hasTouch: true, locale: 'fr-FR' });
  if (cookie) await context.addCookies([cookie]);
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  const tools = await context.newCDPSession(page);
  if (network) {
    await tools.send('Network.enable');
    await tools.send('Network.emulateNetworkConditions', { offline: false, ...SLOW_4G });
  }
  await tools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  return {
    page,
    seen: () => page.evaluate<Seen>('window.seen'),
    firstContentMs: () => page.evaluate<number>(`performance.getEntriesByName('first-contentful-paint')[0].startTime`),
    close: () => context.close(),
  };
}
