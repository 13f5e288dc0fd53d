/** Written by the window in which somebody signed in; every other page of this browser hears of it. */
const KEY = 'comptoir-signed-in';

let taken: Promise<unknown> = Promise.resolve();

/** Let the other windows of this browser know that somebody signed in. */
export function announceSignIn(): void {
  try {
    localStorage.setItem(KEY, String(Date.now()));
  } catch {
    // A private window may refuse; the other windows then learn it with their next call.
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
