import { type ReactNode, useEffect, useState } from 'react';
import { ApiProblem } from './api.ts';
import { useReachable } from './network.ts';
import { useWords } from './words/index.ts';

/** Whether the error was that the server did not answer, and the server answers again now. */
function useReachableAgain(error: unknown): boolean {
  const reachable = useReachable();
  const [away, setAway] = useState<unknown>();
  const isAway = error instanceof ApiProblem && error.code === 'unreachable';
  if (isAway && !reachable && away !== error) setAway(error);
  return isAway && reachable && away === error;
}

/** Shows an error beside the action that failed, with the next step. A note that the server does not answer ends when it answers again. */
export function ProblemNote({ error, children }: { error: unknown; children?: ReactNode }) {
  const words = useWords();
  if (useReachableAgain(error) || !error) return null;
  const { problem = {} } = error instanceof ApiProblem ? error : {};
  const ours = problem.code && words.problem.titles[problem.code];
  return (
    <div className="note bad" role="alert">
      <strong>{ours ?? problem.title ?? words.problem.unreachable}</strong>
      {!ours && problem.detail && <p>{problem.detail}</p>}
      {children}
    </div>
  );
}

/** A placeholder while content loads; after an error, the problem and a button that tries again. */
export function Waiting({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords();
  const reachableAgain = useReachableAgain(error);
  useEffect(() => {
    if (reachableAgain) retry();
  }, [reachableAgain]);
  if (error && !reachableAgain) {
    return (
      <ProblemNote error={error}>
        <button type="button" onClick={retry}>
          {words.retry}
        </button>
      </ProblemNote>
    );
  }
  return (
    <div className="skeleton" role="status">
      <span className="unseen">{words.loading}</span>
      <i />
      <i />
      <i />
    </div>
  );
}
