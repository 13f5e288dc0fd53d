import type { Cafe, EventProgramme, Locale, Registration } from '#contract';
import { MINE_CACHE, PROGRAMME_CACHE } from './names.ts';

/** The keys of what is stored besides the caches: guest registrations, what was typed, groups. */
const REMEMBERED = ['comptoir-guest-seats', 'comptoir-typed', 'comptoir-cancelling', 'comptoir-groups'];

/** The key of the registration keys of this tab (plan/registration-key.ts). */
export const REGISTRATION_KEYS = 'comptoir-registration-keys';

/** How long after the page loaded the service worker is registered, in milliseconds. */
const SETTLED_MS = 1_500;

const fetched = new Set<string>();

/** Fetches the ticket of every confirmed seat once, so that the service worker keeps it. */
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

/** A Café as a programme says that the service worker kept, in this language or else in another; undefined where it kept none. */
export async function keptCafe(cafeId: string, locale: Locale): Promise<Cafe | undefined> {
  if (!('caches' in window)) return undefined;
  const cache = await caches.open(PROGRAMME_CACHE);
  const programmes = (await cache.keys()).filter(({ url }) => /\/api\/v1\/events\/[^/]+$/.test(url));
  const isOther = ({ url }: Request) => Number(!url.endsWith(`locale=${locale}`));
  for (const request of programmes.sort((one, other) => isOther(one) - isOther(other))) {
    const event = (await (await cache.match(request, { ignoreVary: true }))?.json()) as EventProgramme | undefined;
    const cafe = event?.cafes.find(({ id }) => id === cafeId);
    if (cafe) return cafe;
  }
  return undefined;
}

/** Has tickets fetched again: the service worker deletes them when a session begins or ends. */
export function forgetFetched(): void {
  fetched.clear();
}

export function ticketPath(registrationId: string): string {
  return `/api/v1/registrations/${registrationId}/ticket.svg`;
}

/** Deletes everything of the person from this device. A service worker deletes its cache by itself as well. */
export async function forgetMine(): Promise<void> {
  forgetFetched();
  try {
    for (const key of REMEMBERED) localStorage.removeItem(key);
    sessionStorage.removeItem(REGISTRATION_KEYS);
  } catch {
    // A private window may have no storage.
  }
  // As in every other window: what this one holds in memory is read again.
  window.dispatchEvent(new StorageEvent('storage', { key: null }));
  if ('caches' in window) await caches.delete(MINE_CACHE);
}

/** Registers the service worker. @param onFirst is called when it begins to answer, on the first visit */
export function workOffline(onFirst: () => void): void {
  const { serviceWorker } = navigator;
  if (!serviceWorker || import.meta.env.DEV) return;
  if (!serviceWorker.controller) serviceWorker.addEventListener('controllerchange', onFirst, { once: true });
  // It fetches as many bytes as the page did: so it waits until the page has settled.
  window.addEventListener('load', () => {
    setTimeout(() => void serviceWorker.register('/sw.js').then(keepWhatIsHere, () => {}), SETTLED_MS);
  });
}

/** Has the service worker keep the fonts and words that this first visit fetched before it was registered. */
async function keepWhatIsHere(): Promise<void> {
  const registration = await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name));
  const assets = loaded.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/'));
  registration.active?.postMessage({ keep: assets.map(({ pathname }) => pathname) });
}
