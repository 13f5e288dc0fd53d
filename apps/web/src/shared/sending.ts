import { useRef, useState } from 'react';

/** A second tap within this time belongs to the first one (double tap), in milliseconds. */
const DOUBLE_TAP_MS = 600;

/** Sends one call at a time. Ignores a call while another one is in progress, and the second tap of a double tap. */
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
    } catch (thrown) {
      setError(thrown);
    } finally {
      begun.current.busy = false;
      setSending(false);
    }
  }
  /** Removes the error. The next tap is not treated as a double tap. Call it after the input changed. */
  function reset() {
    setError(undefined);
    begun.current.at = Number.NEGATIVE_INFINITY;
  }
  return { sending, error, send, reset };
}
