import type { Registration } from '#contract';
import { MINE_CACHE } from './names.ts';

/** What this browser remembers for itself beside the caches: seats taken without a session, what was typed, groups. */
const REMEMBERED = ['comptoir-guest-seats', 'comptoir-typed', 'comptoir-cancelling', 'comptoir-groups'];

/** What opens single registrations in this tab (plan/registration-key.ts). */
export const REGISTRATION_KEYS = 'comptoir-registration-keys';

/** How long after it loaded a page is left in peace, in milliseconds. */
const SETTLED_MS = 1_500;

const fetched = new Set<string>();

/** Have the ticket of every confirmed seat on this device, also those never opened. */
export function keepTickets(registrations: Registration[]): void {
  if (!navigator.serviceWorker?.controller) return;
  for (const { id, status } of registrations) {
    if (status !== 'confirmed' || fetched.has(id)) continue;
    fetched.add(id);
    fetch(ticketPath(id)).then(
      ({ ok }) => ok || fetched.delete(id),
      () => fetched.delete(id),
    );
  }
}

/** The service worker forgets the tickets when a session begins or ends: have them again. */
export function forgetFetched(): void {
  fetched.clear();
}

export function ticketPath(registrationId: string): string {
  return `/api/v1/registrations/${registrationId}/ticket.svg`;
}

/** Leave nothing of a person on this device. The service worker does its part by itself, where there is one. */
export async function forgetMine(): Promise<void> {
  forgetFetched();
  try {
    for (const key of REMEMBERED) localStorage.removeItem(key);
    sessionStorage.removeItem(REGISTRATION_KEYS);
  } catch {
    // A private window may have none.
  }
  // As every other window is told: what this one holds in memory is read anew.
  window.dispatchEvent(new StorageEvent('storage', { key: null }));
  if ('caches' in window) await caches.delete(MINE_CACHE);
}

/** Work without network from the second visit on. `onFirst` is called when the service worker begins to listen. */
export function workOffline(onFirst: () => void): void {
  const { serviceWorker } = navigator;
  if (!serviceWorker || import.meta.env.DEV) return;
  if (!serviceWorker.controller) serviceWorker.addEventListener('controllerchange', onFirst, { once: true });
  // It fetches as much again as the page: after the first content, and not while somebody taps.
  window.addEventListener('load', () => {
    setTimeout(() => void serviceWorker.register('/sw.js').then(keepWhatIsHere, () => {}), SETTLED_MS);
  });
}

/** This first visit fetched its fonts and words before anybody listened. */
async function keepWhatIsHere(): Promise<void> {
  const registration = await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name));
  const assets = loaded.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/'));
  registration.active?.postMessage({ keep: assets.map(({ pathname }) => pathname) });
}
