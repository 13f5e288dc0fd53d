import { useEffect, useState } from 'react';
import { serverNow } from './network.ts';

/** The time now in milliseconds since 1970, updated every `everyMs` milliseconds. */
export function useNow(everyMs: number, clock: () => number = serverNow): number {
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, clock]);
  return now;
}
