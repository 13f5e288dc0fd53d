import { REGISTRATION_KEYS } from '../shared/offline/kept.ts';
import { claimTokenOf } from '../shared/registrations/guest-seat.ts';

/** The key in the address of a mail's link to one registration. */
const IN_ADDRESS = 'key';

function read(): Record<string, string> {
  try {
    return (JSON.parse(sessionStorage.getItem(REGISTRATION_KEYS) ?? '{}') as Record<string, string> | null) ?? {};
  } catch {
    return {};
  }
}

/** The keys by registration, stored for this tab only. */
let keys = read();

/** Takes the key of a mail's link out of the address bar, where others may read it or copy it, and keeps it for this tab. */
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
    // The browser may refuse to store: then the key lasts as long as the page.
  }
}

// A sign-out removes the keys (forgetMine).
window.addEventListener('storage', ({ key }) => {
  if (key === null) keys = read();
});

/** The headers that open a registration without a session: its key, and the claim token of this browser; undefined without a key. */
export function keyHeaders(registrationId: string): Record<string, string> | undefined {
  const key = keys[registrationId];
  if (key === undefined) return undefined;
  const claimToken = claimTokenOf(registrationId);
  return { 'registration-key': key, ...(claimToken !== undefined && { 'claim-token': claimToken }) };
}
