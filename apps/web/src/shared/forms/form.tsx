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
import { useLocale } from '../words/index.ts';
import { checkValue, type FieldErrorCode, type FieldKind, fieldErrorText, summaryTitle } from './field-errors.ts';

/** A field of a form with an error. */
interface FieldError {
  /** The name of the field. */
  name: string;
  kind: FieldKind;
  code: FieldErrorCode;
}

const WrongFields = createContext<FieldError[]>([]);

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
  useLayoutEffect(() => {
    if (error) setWrong(refusedFields(form.current, error));
  }, [error]);
  useEffect(() => {
    if (wrong[0]) inputOf(form.current, wrong[0].name)?.focus();
  }, [wrong]);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const found = inputsOf(event.currentTarget).flatMap(errorIn);
    setWrong(found);
    if (found.length === 0) send(new FormData(event.currentTarget));
  }
  return (
    <form {...attributes} ref={form} noValidate onSubmit={submit}>
      <WrongFields value={wrong}>
        {wrong.length > 0 && <Summary wrong={wrong} show={(name) => inputOf(form.current, name)?.focus()} />}
        {children}
        {wrong.length === 0 && <ProblemNote error={error} />}
      </WrongFields>
    </form>
  );
}

function Summary({ wrong, show }: { wrong: FieldError[]; show: (name: string) => void }) {
  const { locale } = useLocale();
  const id = useId();
  const follow = (event: MouseEvent, name: string) => {
    event.preventDefault();
    show(name);
  };
  return (
    <section className="note bad error-summary" aria-labelledby={id}>
      <strong id={id}>{summaryTitle(locale)}</strong>
      <ul>
        {wrong.map(({ name, kind, code }) => (
          <li key={name}>
            <a href={`#${name}`} onClick={(event) => follow(event, name)}>
              {fieldErrorText(locale, kind, code)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function inputsOf(form: HTMLFormElement | null): HTMLInputElement[] {
  return [...(form?.querySelectorAll<HTMLInputElement>('input[data-kind]') ?? [])];
}

function inputOf(form: HTMLFormElement | null, name: string): HTMLInputElement | undefined {
  return inputsOf(form).find((input) => input.name === name);
}

const kindOf = ({ dataset }: HTMLInputElement) => dataset.kind as FieldKind;

function errorIn(input: HTMLInputElement): FieldError[] {
  const { name, value, ariaRequired, dataset } = input;
  const kind = kindOf(input);
  const code = checkValue(kind, value, { required: ariaRequired === 'true', expected: dataset.expected });
  return code ? [{ name, kind, code }] : [];
}

/** Returns the fields that the API refused. In a form with one field, any refusal is about that field. */
function refusedFields(form: HTMLFormElement | null, error: unknown): FieldError[] {
  const errors = error instanceof ApiProblem && error.code === 'invalid-request' ? (error.problem.errors ?? []) : [];
  const paths = errors.map(({ path }) => fieldOf(path));
  const inputs = inputsOf(form);
  const refused = inputs.filter(({ name }) => paths.includes(name));
  const [only] = inputs.length === 1 && errors.length > 0 ? inputs : [];
  return (refused.length > 0 ? refused : only ? [only] : []).map((input) => ({
    name: input.name,
    kind: kindOf(input),
    code: 'refused',
  }));
}

/** A field with its label, its hint and its error. */
export function Field(props: {
  label: string;
  hint?: string;
  /** An error that the form does not find itself. */
  error?: string;
  /** The kind of value, which the form checks. */
  kind?: FieldKind;
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
  pattern?: string;
  required?: boolean;
  ref?: Ref<HTMLInputElement>;
  /** The value is written from left to right in every language, for example an address or a code. */
  ltr?: boolean;
}) {
  const { label, hint, kind, expected, required, onChange, ltr, error: given, ...input } = props;
  const id = useId();
  const { locale } = useLocale();
  const wrong = useContext(WrongFields).find(({ name }) => name === input.name);
  const error = wrong ? fieldErrorText(locale, wrong.kind, wrong.code) : given;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  // The browser checks a field without a kind.
  const checks = kind ? { 'data-kind': kind, 'data-expected': expected, 'aria-required': required } : { required };
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
