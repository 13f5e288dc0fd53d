import { REGISTRATION_KEYS } from '../shared/offline/device-data.ts';
import { claimTokenOf } from '../shared/registrations/guest-seat.ts';

/** The query parameter with the key in a mail's link to one registration. */
const IN_ADDRESS = 'key';

function read(): Record<string, string> {
  try {
    return (JSON.parse(sessionStorage.getItem(REGISTRATION_KEYS) ?? '{}') as Record<string, string> | null) ?? {};
  } catch {
    return {};
  }
}

/** The keys of this tab, by registration. */
let keys = read();

/** Removes the key of a mail's link from the address bar, where other people may read or copy it, and stores it for this tab. */
export function keepKeyOfAddress(): void {
  const address = new URL(location.href);
  const id = /^\/registrations\/([^/]+)$/.exec(address.pathname)?.[1];
  const key = address.searchParams.get(IN_ADDRESS);
  if (!id || key === null) return;
  address.searchParams.delete(IN_ADDRESS);
  history.replaceState(history.state, '', address);
  keys = { ...keys, [id]: key };
  try {
    sessionStorage.setItem(REGISTRATION_KEYS, JSON.stringify(keys));
  } catch {
    // The browser may refuse to store: then the key is lost with the page.
  }
}

// A sign-out removes the keys (deletePersonalData).
window.addEventListener('storage', ({ key }) => {
  if (key === null) keys = read();
});

/** Returns the headers that give access to a registration without a session: its key, and the claim token of this browser. Undefined without a key. */
export function keyHeaders(registrationId: string): Record<string, string> | undefined {
  const key = keys[registrationId];
  if (key === undefined) return undefined;
  const claimToken = claimTokenOf(registrationId);
  return { 'registration-key': key, ...(claimToken !== undefined && { 'claim-token': claimToken }) };
}
