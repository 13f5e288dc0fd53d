import { useSyncExternalStore } from 'react';

/** The key of a flag that is set while this browser has a session. A session that ends without a sign-out here was ended elsewhere or expired. */
const KEY = 'comptoir-session';

/** How a session ended, where the page must explain it. */
export type SessionNote = 'everywhere' | 'ended' | 'erased';

let note: SessionNote | undefined;
const listeners = new Set<() => void>();

function become(next: SessionNote | undefined): void {
  note = next;
  for (const listener of listeners) listener();
}

/** Records whether the server sees a session. */
export function sessionSeen(isSignedIn: boolean): void {
  try {
    if (isSignedIn) {
      localStorage.setItem(KEY, '1');
      if (note) become(undefined);
    } else if (localStorage.getItem(KEY) !== null) {
      localStorage.removeItem(KEY);
      become('ended');
    }
  } catch {
    // A private window may refuse to store: then the page does not explain that the session ended.
  }
}

/** Records that the person signs out in this browser: nothing has to be explained. */
export function sessionEndsHere(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was stored.
  }
}

/** Explains how the person ended the session here. */
export function explainSessionEnd(how: 'everywhere' | 'erased'): void {
  become(how);
}

export function dismissSessionNote(): void {
  become(undefined);
}

export function useSessionNote(): SessionNote | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => note,
  );
}
