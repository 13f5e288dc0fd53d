import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { requireChromium } from '../../../apps/local/src/chromium.ts';

/** Slow 4G with the numbers of Chromium's own tools: milliseconds for each request, and bytes a second. */
const SLOW_4G = { latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };
/** The factor by which the processor of the phone is slower than that of this machine. */
const CPU_SLOWDOWN = 4;
/** The screen of a medium phone. */
const SCREEN = { width: 390, height: 844 };

/** Installed before the page has scripts: records paints, when the first Café can be read, and how long taps take until the next paint. */
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

/** Opens a phone without stored data. */
export interface Phone {
  page: Page;
  seen(): Promise<Seen>;
  firstContentMs(): Promise<number>;
  close(): Promise<void>;
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: requireChromium(), args: ['--no-sandbox'] });
}

/** @param network whether the network is slow too, and not only the processor */
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
