import {
  createContext,
  type FormEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useContext,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { ApiProblem } from '../api.ts';

import { ProblemNote } from '../problem-note.tsx';
import { type PageLocale, useLocale } from '../words/index.ts';
import { checkValue, type FieldErrorCode, type FieldKind, fieldErrorText, summaryTitle } from './field-errors.ts';

/** A field of a form with an error: the code of an error of its kind, or the text of its own check. */
type FieldError = { name: string } & ({ kind: FieldKind; code: FieldErrorCode } | { text: string });

/** Checks a value. Returns the text of its error in the language of the page; undefined if there is none. */
export type Check = (value: string) => string | undefined;

/** `checks`: the checks of the fields that have their own, by the name of the field. */
const FormContext = createContext<{ wrong: FieldError[]; checks: Map<string, Check> }>({
  wrong: [],
  checks: new Map(),
});

/** The `data-kind` of a field with its own check. */
export const OWN = 'own';

/** Returns the name of the field of an API path, which begins with it. */
const fieldOf = (path: string) => path.split('.')[0] ?? '';

/**
 * A form that checks its fields when it is sent, and shows errors in the language of the page. The browser's own checks are off. Each wrong field
 * shows its error, a list above the fields links to each of them, and the first one takes the focus. Problems of the API with a path are shown at
 * their field in the same way, others in a note.
 * @param error the error of the last call
 * @param send called with the values if the fields have no errors
 */
export function Form(props: {
  className: string;
  error?: unknown;
  send: (values: FormData) => unknown;
  onChange?: () => void;
  ref?: Ref<HTMLFormElement>;
  'aria-labelledby'?: string;
  children: ReactNode;
}) {
  const { error, send, ref, children, ...attributes } = props;
  const form = useRef<HTMLFormElement>(null);
  useImperativeHandle(ref, () => form.current as HTMLFormElement);
  const [wrong, setWrong] = useState<FieldError[]>([]);
  const [checks] = useState(() => new Map<string, Check>());
  useLayoutEffect(() => {
    if (error) setWrong(refusedFields(form.current, error));
  }, [error]);
  useEffect(() => {
    if (wrong[0]) focusOn(form.current, wrong[0].name);
  }, [wrong]);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const found = checkedIn(event.currentTarget).flatMap((field) => errorIn(field, checks));
    setWrong(found);
    if (found.length === 0) send(new FormData(event.currentTarget));
  }
  return (
    <form {...attributes} ref={form} noValidate onSubmit={submit}>
      <FormContext value={{ wrong, checks }}>
        {wrong.length > 0 && <Summary wrong={wrong} show={(name) => focusOn(form.current, name)} />}
        {children}
        {wrong.length === 0 && <ProblemNote error={error} />}
      </FormContext>
    </form>
  );
}

function Summary({ wrong, show }: { wrong: FieldError[]; show: (name: string) => void }) {
  const { locale } = useLocale();
  const follow = (event: MouseEvent, name: string) => {
    event.preventDefault();
    show(name);
  };
  return (
    <div className="note bad error-summary">
      <strong>{summaryTitle(locale)}</strong>
      <ul>
        {wrong.map((each) => (
          <li key={each.name}>
            <a href={`#${each.name}`} onClick={(event) => follow(event, each.name)}>
              {textOf(locale, each)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

const textOf = (locale: PageLocale, error: FieldError) =>
  'text' in error ? error.text : fieldErrorText(locale, error.kind, error.code);

/** An input, or a group of choices. */
type Checked = HTMLInputElement | HTMLFieldSetElement;

function checkedIn(form: HTMLFormElement | null): Checked[] {
  return [...(form?.querySelectorAll<Checked>('[data-kind]') ?? [])];
}

function focusOn(form: HTMLFormElement | null, name: string): void {
  const field = checkedIn(form).find((each) => each.name === name);
  (field instanceof HTMLFieldSetElement ? field.querySelector('input') : field)?.focus();
}

function errorIn(field: Checked, checks: Map<string, Check>): FieldError[] {
  const { name, ariaRequired, dataset } = field;
  const value = 'value' in field ? field.value : '';
  const own = checks.get(name);
  if (own) {
    const text = own(value);
    return text ? [{ name, text }] : [];
  }
  const kind = dataset.kind as FieldKind;
  const code = checkValue(kind, value, { required: ariaRequired === 'true', expected: dataset.expected });
  return code ? [{ name, kind, code }] : [];
}

/** Gives a field or a group of choices its own check. Returns the text of its current error. */
export function useCheck(name: string, check?: Check): string | undefined {
  const { locale } = useLocale();
  const { wrong, checks } = useContext(FormContext);
  useEffect(() => {
    if (!check) return;
    checks.set(name, check);
    return () => void checks.delete(name);
  });
  const found = wrong.find((each) => each.name === name);
  return found && textOf(locale, found);
}

/** Returns the fields of a known kind that the API refused. In a form with one field, any refusal is about that field. */
function refusedFields(form: HTMLFormElement | null, error: unknown): FieldError[] {
  const errors = error instanceof ApiProblem && error.code === 'invalid-request' ? (error.problem.errors ?? []) : [];
  const paths = errors.map(({ path }) => fieldOf(path));
  const inputs = checkedIn(form).filter(({ dataset }) => dataset.kind !== OWN);
  const refused = inputs.filter(({ name }) => paths.includes(name));
  const [only] = inputs.length === 1 && errors.length > 0 ? inputs : [];
  return (refused.length > 0 ? refused : only ? [only] : []).map(({ name, dataset }) => ({
    name,
    kind: dataset.kind as FieldKind,
    code: 'refused',
  }));
}

/** A field with its label, its hint and its error. */
export function Field(props: {
  label: string;
  hint?: string;
  /** The error of the value while the user types it. */
  error?: string;
  /** The kind of value, which the form checks. */
  kind?: FieldKind;
  /** The check of a field without a `kind`. */
  check?: Check;
  /** The right value of a confirmation. */
  expected?: string;
  type?: string;
  name: string;
  autoComplete?: string;
  inputMode?: 'email' | 'numeric' | 'text' | 'search';
  defaultValue?: string;
  value?: string;
  onChange?: (value: string) => void;
  maxLength?: number;
  required?: boolean;
  ref?: Ref<HTMLInputElement>;
  /** The value is written from left to right in every language, for example an address or a code. */
  ltr?: boolean;
}) {
  const { label, hint, kind, check, expected, required, onChange, ltr, error: given, ...input } = props;
  const id = useId();
  const error = useCheck(input.name, check) ?? given;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const checks = { 'data-kind': kind ?? (check && OWN), 'data-expected': expected, 'aria-required': required };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        {...checks}
        {...(kind === 'email' && { autoCapitalize: 'none', spellCheck: false, inputMode: 'email' })}
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
