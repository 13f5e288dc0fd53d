import { useEffect, useRef, useState } from 'react';
import type { CheckInAnswer } from '#contract';
import { type ApiProblem, call } from '../shared/api.ts';
import { POLL_MS } from '../shared/live.ts';
import { useReachable } from '../shared/network.ts';
import { doorStore, type Scan } from './door-store.ts';
import { ScanQueue } from './scan-queue.ts';

/** Returns the unanswered check-ins of a host, and the queue that sends them. `on` is called with the result of each. */
export function useScans(
  by: string,
  on: {
    answered: (scan: Scan, answer: CheckInAnswer | ApiProblem) => void;
    unanswered: (scan: Scan) => void;
  },
): { queue: ScanQueue; waiting: Scan[] } {
  const [waiting, setWaiting] = useState<Scan[]>([]);
  const latest = useRef(on);
  latest.current = on;
  const [queue] = useState(
    () =>
      new ScanQueue({
        store: doorStore.storeScan,
        remove: doorStore.deleteScan,
        send: ({ what, cafeId, clientId, scannedAt }) =>
          call('POST /check-ins', { body: { ...what, cafeId, clientId, scannedAt } }),
        answered: (scan, answer) => latest.current.answered(scan, answer),
        unanswered: (scan) => latest.current.unanswered(scan),
        changed: setWaiting,
      }),
  );
  useEffect(() => void doorStore.scans(by).then((scans) => queue.resume(scans)), [queue, by]);
  const reachable = useReachable();
  const isWaiting = waiting.length > 0;
  useEffect(() => {
    if (!isWaiting) return;
    if (reachable) queue.flush();
    const timer = setInterval(() => queue.flush(), POLL_MS);
    return () => clearInterval(timer);
  }, [queue, reachable, isWaiting]);
  return { queue, waiting };
}
