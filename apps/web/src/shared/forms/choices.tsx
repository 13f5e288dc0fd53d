import { type ReactNode, useId } from 'react';
import { type Check, OWN, useCheck } from './form.tsx';

/** A group of choices in a `Form`, with its legend, its hint and what is wrong with the choice. */
export function Choices(props: { legend: string; hint?: string; name: string; check: Check; children: ReactNode }) {
  const { legend, hint, name, check, children } = props;
  const id = useId();
  const error = useCheck(name, check);
  return (
    <fieldset className="modes" name={name} data-kind={OWN} aria-describedby={error && `${id}-error`}>
      <legend>{legend}</legend>
      {hint && <p className="hint">{hint}</p>}
      {children}
      {error && (
        <small id={`${id}-error`} className="error">
          {error}
        </small>
      )}
    </fieldset>
  );
}
