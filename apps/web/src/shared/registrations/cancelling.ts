import { useSyncExternalStore } from 'react';
import type { Registration } from '#contract';
import { ApiProblem, call, mayPass } from '../api.ts';

/** How long a seat that was given back can be had back, in milliseconds: it is given back only then. */
const UNDO_MS = 10_000;
/** How long until a call that nobody answered is made again, in milliseconds. */
const AGAIN_MS = 4_000;
const KEY = 'comptoir-cancelling';

/** A registration that its person gives back. `sent`: the server was told; it did not answer yet. */
export interface Cancelling {
  registrationId: string;
  /** It is an offer that they say no to: should it become a seat elsewhere meanwhile, that seat stays theirs. */
  declines?: boolean;
  /** In milliseconds since 1970. */
  dueAt: number;
  sent?: boolean;
}

let pending: readonly Cancelling[] = read();
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const listeners = new Set<() => void>();
const doneListeners = new Set<() => void>();

function read(): Cancelling[] {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? '[]') as Cancelling[]) ?? [];
  } catch {
    return [];
  }
}

function become(next: readonly Cancelling[]): void {
  pending = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // A private window may refuse; then leaving the page sends what is pending, as it does anyway.
  }
  for (const listener of listeners) listener();
}

const without = (registrationId: string) => pending.filter((each) => each.registrationId !== registrationId);

/** Give a registration back, or say no to an offer, unless `undo` comes within `UNDO_MS`. */
export function cancelSoon({ id: registrationId, status }: Registration): void {
  const declines = status === 'offered';
  become([...without(registrationId), { registrationId, declines, dueAt: Date.now() + UNDO_MS }]);
  wait(registrationId, UNDO_MS);
}

export function undo(registrationId: string): void {
  clearTimeout(timers.get(registrationId));
  timers.delete(registrationId);
  become(without(registrationId));
}

/** Tell the server now. What it does not answer is told again; what it refuses is over already. */
export async function cancelNow(registrationId: string): Promise<void> {
  clearTimeout(timers.get(registrationId));
  timers.delete(registrationId);
  // Undone on another page of ours.
  const given = pending.find((each) => each.registrationId === registrationId);
  if (!given) return;
  become([...without(registrationId), { ...given, dueAt: Date.now(), sent: true }]);
  const end = given.declines ? 'POST /registrations/{id}/decline' : 'DELETE /registrations/{id}';
  try {
    await call(end, { id: registrationId, keepalive: true });
  } catch (error) {
    // Signed out meanwhile: it is kept, and told once they sign in again.
    if (error instanceof ApiProblem && error.code === 'not-signed-in') return;
    if (mayPass(error)) return wait(registrationId, AGAIN_MS);
  }
  become(without(registrationId));
  for (const listener of doneListeners) listener();
}

function wait(registrationId: string, milliseconds: number): void {
  timers.set(
    registrationId,
    setTimeout(() => void cancelNow(registrationId), milliseconds),
  );
}

/** Tell the server of everything that is pending, and wait for its answers. Before somebody signs out, and after they signed in. */
export async function settle(): Promise<void> {
  await Promise.all(pending.map(({ registrationId }) => cancelNow(registrationId)));
}

/** Keep nothing of a person who signed out. */
export function forget(): void {
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  become([]);
}

/** Go on with what a page before this one left. `onDone` is called whenever a registration was given back. */
export function resumeCancelling(onDone: () => void): void {
  doneListeners.add(onDone);
  for (const { registrationId, dueAt, sent } of pending) {
    if (sent) void cancelNow(registrationId);
    else wait(registrationId, Math.max(0, dueAt - Date.now()));
  }
  // Another page of ours gives back, or undoes: what it keeps is what is so. It tells the server itself, and so does this one.
  window.addEventListener('storage', ({ key }) => {
    if (key !== KEY) return;
    pending = read();
    for (const [registrationId, timer] of timers) {
      if (pending.some((each) => each.registrationId === registrationId)) continue;
      clearTimeout(timer);
      timers.delete(registrationId);
    }
    for (const listener of listeners) listener();
  });
  window.addEventListener('pagehide', () => {
    for (const { registrationId, sent } of pending) if (!sent) void cancelNow(registrationId);
  });
}

/** What this person is giving back in this registration, if anything. */
export function useCancelling(registrationId: string): Cancelling | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => pending.find((each) => each.registrationId === registrationId),
  );
}
