import { useRef, useState } from 'react';

/** A second tap within so many milliseconds is the same tap. */
const DOUBLE_TAP_MS = 600;

/** One call at a time: what is asked for while one is on its way, or with a double tap, is not sent. */
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
  /** Something else was typed: what went wrong is no longer so, and the next tap is one of its own. */
  function forget() {
    setError(undefined);
    begun.current.at = Number.NEGATIVE_INFINITY;
  }
  return { sending, error, send, forget };
}
