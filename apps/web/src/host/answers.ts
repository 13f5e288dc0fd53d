import { useCallback, useState } from 'react';
import type { DoorAnswer } from './answer.tsx';

/** The most answers that wait to be shown. Of more, the oldest are dropped. */
const ANSWERS_MAX = 20;

/** An answer in the queue of a door. */
export interface QueuedAnswer {
  /** The id of the scan or walk-in. A later answer about it replaces this one. */
  of: string;
  answer: DoorAnswer;
}

/** The queue of the answers of a door, in the order of their scans. `shown`: the answer that is shown now; `more`: another one waits. */
export function useAnswers() {
  const [answers, setAnswers] = useState<QueuedAnswer[]>([]);
  const show = useCallback((of: string, answer: DoorAnswer) => {
    setAnswers((before) => {
      const at = before.findIndex((each) => each.of === of);
      return at < 0 ? [...before, { of, answer }].slice(-ANSWERS_MAX) : before.with(at, { of, answer });
    });
    if (answer.tone !== 'wait') navigator.vibrate?.(answer.tone === 'welcome' ? 80 : [80, 60, 80]);
  }, []);
  const dismiss = useCallback((of: string) => setAnswers((before) => before.filter((each) => each.of !== of)), []);
  return { shown: answers[0], more: answers.length > 1, show, dismiss };
}
