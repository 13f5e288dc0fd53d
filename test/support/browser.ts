import { type Browser, chromium } from 'playwright-core';
import { requireChromium } from '../../apps/local/src/chromium.ts';

/** Chromium for tests. All contexts share one renderer process, because no test needs separate ones. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: requireChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--renderer-process-limit=1', '--disable-site-isolation-trials'],
  });
}
