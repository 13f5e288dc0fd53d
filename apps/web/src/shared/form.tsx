import { type ReactNode, type Ref, useEffect, useState } from 'react';
import { ApiProblem } from './api.ts';
import { useReachable } from './network.ts';
import { useWords } from './words/index.ts';

/** A `ref` that focuses an element when it replaces the element that had the focus. */
export function takeFocus(element: HTMLElement | null): void {
  if (element && document.activeElement?.contains(element)) element.focus();
}

/** A `ref` that focuses an element if it `arrived` as the answer to an action, and not with the page. */
export function useArrival(arrived: boolean): typeof takeFocus | undefined {
  const [atFirst] = useState(arrived);
  return atFirst ? takeFocus : undefined;
}

/** The main button of a form. It stays enabled while it is sending, because a disabled button loses the focus. Without `press` it submits its form. */
export function SendButton(props: {
  sending: boolean;
  press?: () => void;
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}) {
  const words = useWords();
  const { sending, press, ref, children } = props;
  return (
    <button
      type={press ? 'button' : 'submit'}
      className="primary"
      ref={ref}
      aria-disabled={sending}
      onClick={sending ? undefined : press}
    >
      {sending ? words.sending : children}
    </button>
  );
}

/** Whether an error was that the server did not answer, and the server answers again. */
function useOver(error: unknown): boolean {
  const reachable = useReachable();
  const [away, setAway] = useState<unknown>();
  const isAway = error instanceof ApiProblem && error.code === 'unreachable';
  if (isAway && !reachable && away !== error) setAway(error);
  return isAway && reachable && away === error;
}

/** Shows an error where it happened, with what to do next. It stays until the next try: an act that failed was not done. */
export function ProblemNote({ error, children }: { error: unknown; children?: ReactNode }) {
  const words = useWords();
  if (!error) return null;
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

/** A placeholder while content loads; after an error, the problem and a button that retries. */
export function Waiting({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords();
  const over = useOver(error);
  useEffect(() => {
    if (over) retry();
  }, [over]);
  if (error && !over) {
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
