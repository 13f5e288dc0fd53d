/** The key that a window writes after a sign-in; the other windows of this browser get a `storage` event. */
const KEY = 'comptoir-signed-in';

let taken: Promise<unknown> = Promise.resolve();

/** Tells the other windows of this browser that somebody signed in. */
export function announceSignIn(): void {
  try {
    localStorage.setItem(KEY, String(Date.now()));
  } catch {
    // A private window may refuse to store: then the other windows notice with their next call.
  }
}

/** @param take is called when somebody signed in in another window: it asks who that is */
export function followSignIn(take: () => Promise<unknown>): void {
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY && newValue !== null) taken = take().catch(() => {});
  });
}

/** Waits until this window knows who signed in in another one. */
export async function signInTaken(): Promise<void> {
  await taken;
}
