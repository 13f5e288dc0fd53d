import { useSyncExternalStore } from 'react';
import type { Registration } from '#contract';
import { ApiProblem, call, isTransient } from '../api.ts';

/** The time in which giving a seat back can be undone, in milliseconds. The call is sent after it. */
const UNDO_MS = 10_000;
/** The pause after an attempt without an answer before the call is sent again, in milliseconds. */
const RETRY_MS = 4_000;
const KEY = 'comptoir-cancelling';

/** A registration that the person gives back. `sent`: the call was sent, and is not answered yet. */
export interface Cancelling {
  registrationId: string;
  /** The registration is an offer, and is declined. If the offer was accepted in another browser meanwhile, the seat is kept. */
  declines?: boolean;
  /** When the call is sent, in milliseconds since 1970. */
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

function setPending(next: readonly Cancelling[]): void {
  pending = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // A private window may refuse to store. The page also sends pending calls when it is left.
  }
  for (const listener of listeners) listener();
}

const without = (registrationId: string) => pending.filter((each) => each.registrationId !== registrationId);

/** Gives a registration back, or declines an offer, unless `undo` is called within `UNDO_MS`. */
export function cancelSoon({ id: registrationId, status }: Registration): void {
  const declines = status === 'offered';
  setPending([...without(registrationId), { registrationId, declines, dueAt: Date.now() + UNDO_MS }]);
  wait(registrationId, UNDO_MS);
}

export function undo(registrationId: string): void {
  clearTimeout(timers.get(registrationId));
  timers.delete(registrationId);
  setPending(without(registrationId));
}

/** Sends the call now. Without an answer it is sent again. A refusal means that the registration has ended already. */
export async function cancelNow(registrationId: string): Promise<void> {
  clearTimeout(timers.get(registrationId));
  timers.delete(registrationId);
  // Without an entry, another page of this browser has undone it.
  const given = pending.find((each) => each.registrationId === registrationId);
  if (!given) return;
  setPending([...without(registrationId), { ...given, dueAt: Date.now(), sent: true }]);
  const end = given.declines ? 'POST /registrations/{id}/decline' : 'DELETE /registrations/{id}';
  try {
    await call(end, { id: registrationId, keepalive: true });
  } catch (error) {
    // The session has ended meanwhile: the call stays stored, and is sent after the next sign-in.
    if (error instanceof ApiProblem && error.code === 'not-signed-in') return;
    if (isTransient(error)) return wait(registrationId, RETRY_MS);
  }
  setPending(without(registrationId));
  for (const listener of doneListeners) listener();
}

function wait(registrationId: string, milliseconds: number): void {
  timers.set(
    registrationId,
    setTimeout(() => void cancelNow(registrationId), milliseconds),
  );
}

/** Sends every pending call, and waits for the answers. Called before a sign-out and after a sign-in. */
export async function sendPending(): Promise<void> {
  await Promise.all(pending.map(({ registrationId }) => cancelNow(registrationId)));
}

/** Removes all pending calls without sending them. */
export function discardPending(): void {
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  setPending([]);
}

/** Continues with the pending calls of an earlier page. @param onDone called whenever a registration was given back */
export function resumeCancelling(onDone: () => void): void {
  doneListeners.add(onDone);
  for (const { registrationId, dueAt, sent } of pending) {
    if (sent) void cancelNow(registrationId);
    else wait(registrationId, Math.max(0, dueAt - Date.now()));
  }
  // Another page of this browser changed the list, so this page reads it. Each page sends its own calls.
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
  // A phone may end a hidden page without a further event (docs/adr/0037).
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && sendUnsent());
  window.addEventListener('pagehide', sendUnsent);
}

/** Sends every call that still waits for its undo time. */
function sendUnsent(): void {
  for (const { registrationId, sent } of pending) if (!sent) void cancelNow(registrationId);
}

/** The pending call of a registration, if there is one. */
export function useCancelling(registrationId: string): Cancelling | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => pending.find((each) => each.registrationId === registrationId),
  );
}
