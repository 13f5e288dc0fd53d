import type { Cafe, EventProgramme, Locale, Registration } from '#contract';
import { DOOR_DATABASE, MINE_CACHE, PROGRAMME_CACHE } from './names.ts';

/** The keys of the person's data in `localStorage`: guest registrations, typed texts, cancellations in progress, groups. */
const LOCAL_KEYS = ['comptoir-guest-seats', 'comptoir-typed', 'comptoir-cancelling', 'comptoir-groups'];

/** The key in `sessionStorage` of the registration keys of this tab (plan/registration-key.ts). */
export const REGISTRATION_KEYS = 'comptoir-registration-keys';

/** The time between the `load` event and the registration of the service worker, in milliseconds. */
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

/** Returns the Café from a kept programme, in this language or else in another one; undefined if no kept programme has it. */
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

/** Lets `keepTickets` fetch all tickets again, because the service worker deletes them when a session begins or ends. */
export function resetFetched(): void {
  fetched.clear();
}

export function ticketPath(registrationId: string): string {
  return `/api/v1/registrations/${registrationId}/ticket.svg`;
}

/** Deletes everything of the person from this device. The service worker also deletes its own cache. */
export async function deletePersonalData(): Promise<void> {
  resetFetched();
  try {
    for (const key of LOCAL_KEYS) localStorage.removeItem(key);
    sessionStorage.removeItem(REGISTRATION_KEYS);
  } catch {
    // A private window may have no storage: then there is nothing to delete.
  }
  // The browser sends this event only to the other windows. Here it makes this page read the storage again.
  window.dispatchEvent(new StorageEvent('storage', { key: null }));
  if ('indexedDB' in window) indexedDB.deleteDatabase(DOOR_DATABASE);
  if ('caches' in window) await caches.delete(MINE_CACHE);
}

/** Registers the service worker. @param onFirst called on the first visit, when the service worker takes control of the page */
export function registerServiceWorker(onFirst: () => void): void {
  const { serviceWorker } = navigator;
  if (!serviceWorker || import.meta.env.DEV) return;
  if (!serviceWorker.controller) serviceWorker.addEventListener('controllerchange', onFirst, { once: true });
  // The service worker fetches as many bytes as the page, so it is registered some time after the page loaded.
  window.addEventListener('load', () => {
    setTimeout(() => void serviceWorker.register('/sw.js').then(storeLoadedAssets, () => {}), SETTLED_MS);
  });
}

/** Makes the service worker store the assets (fonts, words) that the page fetched before the registration. */
async function storeLoadedAssets(): Promise<void> {
  const registration = await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name));
  const assets = loaded.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/'));
  registration.active?.postMessage({ keep: assets.map(({ pathname }) => pathname) });
}
