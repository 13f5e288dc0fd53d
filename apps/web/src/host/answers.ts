import { useCallback, useState } from 'react';
import type { DoorAnswer } from './answer.tsx';

/** How many answers wait to be read at most; of more, the oldest are dropped. */
const ANSWERS_MAX = 20;

/** An answer about one scan. */
export interface Told {
  /** Names the scan. A later answer about the same scan takes its place. */
  of: string;
  answer: DoorAnswer;
}

/** The answers of a door in the order of their scans. `shown`: the one that covers the page; `more`: another one waits. */
export function useAnswers() {
  const [told, setTold] = useState<Told[]>([]);
  const tell = useCallback((of: string, answer: DoorAnswer) => {
    setTold((before) => {
      const at = before.findIndex((each) => each.of === of);
      return at < 0 ? [...before, { of, answer }].slice(-ANSWERS_MAX) : before.with(at, { of, answer });
    });
    if (answer.tone !== 'wait') navigator.vibrate?.(answer.tone === 'welcome' ? 80 : [80, 60, 80]);
  }, []);
  const forget = useCallback((of: string) => setTold((before) => before.filter((each) => each.of !== of)), []);
  return { shown: told[0], more: told.length > 1, tell, forget };
}
