/** The key of a flag that is set while a sign-out has not been sent yet. Every page of this browser reads it. */
const KEY = 'comptoir-sign-out';
/** How long one try may take, in milliseconds. Every other call waits for it. */
const TRY_MS = 5_000;
/** The pause between two tries, in milliseconds. */
const RETRY_MS = 4_000;

/** The flag of this page, if the browser refuses to store it. */
let unstored = false;
let trying: Promise<boolean> | undefined;
const sentListeners = new Set<() => void>();

/** Whether a sign-out is pending: the pages show no session, but the server still has one. */
export function isSignOutPending(): boolean {
  try {
    return unstored || localStorage.getItem(KEY) !== null;
  } catch {
    return unstored;
  }
}

/** Makes a sign-out pending, until the server has answered it. */
export function requestSignOut(): void {
  try {
    localStorage.setItem(KEY, '1');
  } catch {
    unstored = true;
  }
}

/** Sends a pending sign-out. Calls at the same time share one request. Returns whether none is pending any more. */
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
      // The request is sent even if the page is left at once.
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
 * Sends a pending sign-out as soon as the server can be reached.
 * @param onSent called whenever one was sent
 * @param onElsewhere called when the person signed out in another window of this browser
 */
export function resumeSignOut(onSent: () => void, onElsewhere: () => void): void {
  sentListeners.add(onSent);
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY && newValue !== null) onElsewhere();
  });
  window.addEventListener('online', () => void sendSignOut());
  setInterval(() => void sendSignOut(), RETRY_MS);
  void sendSignOut();
}
