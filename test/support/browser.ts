import { type Browser, chromium } from 'playwright-core';
import { requireChromium } from '../../apps/local/src/chromium.ts';

/**
 * Chromium for tests. Contexts share one renderer process: a renderer each costs 0.2 s of processor time a context, and nothing that is
 * tested depends on it.
 */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: requireChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--renderer-process-limit=1', '--disable-site-isolation-trials'],
  });
}
