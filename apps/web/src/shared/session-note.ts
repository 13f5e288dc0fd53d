import { useSyncExternalStore } from 'react';

/** The key of a flag that is set while this browser has a session. If the session ends while it is set, it expired or was ended on another device. */
const KEY = 'comptoir-session';

/** How a session ended, if the page explains it. */
export type SessionNote = 'everywhere' | 'ended' | 'erased';

let note: SessionNote | undefined;
const listeners = new Set<() => void>();

function setNote(next: SessionNote | undefined): void {
  note = next;
  for (const listener of listeners) listener();
}

/** Records whether the server has a session of this browser. */
export function recordSession(isSignedIn: boolean): void {
  try {
    if (isSignedIn) {
      localStorage.setItem(KEY, '1');
      if (note) setNote(undefined);
    } else if (localStorage.getItem(KEY) !== null) {
      localStorage.removeItem(KEY);
      setNote('ended');
    }
  } catch {
    // A private window may refuse to store: then the page does not explain the end of a session.
  }
}

/** Records that the person ends the session in this browser, so that the page does not explain it. */
export function recordSessionEnd(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was stored.
  }
}

/** Shows a note that says how the person ended the session in this browser. */
export function explainSessionEnd(how: 'everywhere' | 'erased'): void {
  setNote(how);
}

export function dismissSessionNote(): void {
  setNote(undefined);
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
