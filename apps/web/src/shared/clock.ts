import { useEffect, useState } from 'react';
import { serverNow } from './network.ts';

/** Returns the time of a clock, and renders again every `everyMs` milliseconds. The default clock gives milliseconds since 1970. */
export function useNow(everyMs: number, clock: () => number = serverNow): number {
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, clock]);
  return now;
}
