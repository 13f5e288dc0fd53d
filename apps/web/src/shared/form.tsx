import { type ReactNode, useId } from 'react';
import { ApiProblem } from './api.ts';
import { useWords } from './words/index.ts';

export function Field(props: {
  label: string;
  hint?: string;
  error?: string;
  type?: string;
  name: string;
  autoComplete?: string;
  inputMode?: 'email' | 'numeric' | 'text' | 'search';
  defaultValue?: string;
  value?: string;
  onChange?: (value: string) => void;
  maxLength?: number;
  pattern?: string;
  required?: boolean;
  /** What is typed reads from left to right in every language: an address, a code. */
  ltr?: boolean;
}) {
  const { label, hint, error, onChange, ltr, ...input } = props;
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        {...input}
        dir={ltr ? 'ltr' : undefined}
        onChange={onChange && ((event) => onChange(event.target.value))}
        aria-describedby={described || undefined}
        aria-invalid={error ? true : undefined}
      />
      {hint && (
        <small id={`${id}-hint`} className="hint">
          {hint}
        </small>
      )}
      {error && (
        <small id={`${id}-error`} className="error">
          {error}
        </small>
      )}
    </div>
  );
}

/** A fault where it happened, with what to do next. */
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

/** The shape of what comes while it loads; what went wrong, and another try. */
export function Waiting({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords();
  if (error) {
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
