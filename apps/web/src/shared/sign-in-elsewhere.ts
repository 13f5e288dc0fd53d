/** The key that a window writes after a sign-in; the other windows of this browser get a `storage` event. */
const KEY = 'comptoir-signed-in';

let reading: Promise<unknown> = Promise.resolve();

/** Notifies the other windows of this browser of a sign-in. */
export function announceSignIn(): void {
  try {
    localStorage.setItem(KEY, String(Date.now()));
  } catch {
    // A private window may refuse to store: then the other windows notice the sign-in with their next call.
  }
}

/** Listens for sign-ins in other windows. @param readSession called after one; it reads who is signed in */
export function followSignIn(readSession: () => Promise<unknown>): void {
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY && newValue !== null) reading = readSession().catch(() => {});
  });
}

/** Waits until this window has read the session after a sign-in in another window. */
export async function sessionRead(): Promise<void> {
  await reading;
}
