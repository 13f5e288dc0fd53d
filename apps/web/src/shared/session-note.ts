import { useSyncExternalStore } from 'react';

/** Kept while somebody is signed in in this browser: a session that is gone without a sign-out here was ended elsewhere, or expired. */
const KEY = 'comptoir-session';

/** How a session ended that a page must say something of. */
export type SessionNote = 'everywhere' | 'ended';

let note: SessionNote | undefined;
const listeners = new Set<() => void>();

function become(next: SessionNote | undefined): void {
  note = next;
  for (const listener of listeners) listener();
}

/** The server said whether there is a session. */
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
    // A private window may refuse; it then says nothing of a session that ended.
  }
}

/** The person signs out in this browser, and knows it. */
export function sessionEndsHere(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was stored.
  }
}

/** The person ended their sessions on every device. */
export function saySignedOutEverywhere(): void {
  become('everywhere');
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
