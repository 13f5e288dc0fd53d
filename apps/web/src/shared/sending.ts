import { useRef, useState } from 'react';

/** A second tap within this time belongs to the first one (double tap), in milliseconds. */
const DOUBLE_TAP_MS = 600;

/** Sends one call at a time: a call that begins while another is on its way, or by a double tap, is ignored. */
export function useSending() {
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  const begun = useRef({ busy: false, at: Number.NEGATIVE_INFINITY });
  async function send(act: () => Promise<unknown>): Promise<void> {
    const now = performance.now();
    if (begun.current.busy || now - begun.current.at < DOUBLE_TAP_MS) return;
    begun.current = { busy: true, at: now };
    setSending(true);
    setError(undefined);
    try {
      await act();
    } catch (fault) {
      setError(fault);
    } finally {
      begun.current.busy = false;
      setSending(false);
    }
  }
  /** Removes the error after the input changed; the next tap counts as a new one. */
  function forget() {
    setError(undefined);
    begun.current.at = Number.NEGATIVE_INFINITY;
  }
  return { sending, error, send, forget };
}
