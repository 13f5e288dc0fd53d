/** The key of a flag that is set while a sign-out has not been sent yet. Every page of this browser reads it. */
const KEY = 'comptoir-sign-out';
/** How long one try may take, in milliseconds: every other call waits for it. */
const TRY_MS = 5_000;
/** How long after a failed try the next one is made, in milliseconds. */
const AGAIN_MS = 4_000;

/** Where the browser refuses to store anything, this page alone remembers it. */
let unstored = false;
let trying: Promise<boolean> | undefined;
const sentListeners = new Set<() => void>();

/** Whether a sign-out waits to be sent: the pages show no session, and the server still has one. */
export function isSignOutPending(): boolean {
  try {
    return unstored || localStorage.getItem(KEY) !== null;
  } catch {
    return unstored;
  }
}

/** Remembers that the person signed out, until the server has heard it. */
export function requestSignOut(): void {
  try {
    localStorage.setItem(KEY, '1');
  } catch {
    unstored = true;
  }
}

/** Sends the sign-out that waits, if one does; calls at the same time share one request. Returns whether none waits any more. */
export function sendSignOut(): Promise<boolean> {
  if (!isSignOutPending()) return Promise.resolve(true);
  trying ??= attempt().finally(() => {
    trying = undefined;
  });
  return trying;
}

async function attempt(): Promise<boolean> {
  try {
    const { status } = await fetch('/api/v1/sign-out', {
      method: 'POST',
      // Also when the page is left at once.
      keepalive: true,
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(TRY_MS),
    });
    // Any other refusal means that there is no session to end.
    if (status === 429 || status >= 500) return false;
  } catch {
    return false;
  }
  unstored = false;
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was stored.
  }
  for (const listener of sentListeners) listener();
  return true;
}

/**
 * Sends a sign-out that waits as soon as the server can be reached.
 * @param onSent is called whenever one was sent
 * @param onElsewhere is called when the person signed out in another window of this browser
 */
export function resumeSignOut(onSent: () => void, onElsewhere: () => void): void {
  sentListeners.add(onSent);
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY && newValue !== null) onElsewhere();
  });
  window.addEventListener('online', () => void sendSignOut());
  setInterval(() => void sendSignOut(), AGAIN_MS);
  void sendSignOut();
}
