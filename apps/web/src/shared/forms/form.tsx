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
import { ProblemNote } from '../form.tsx';
import { useLocale } from '../words/index.ts';
import { type Fault, type FieldKind, faultOf, sayFault, summaryTitle } from './faults.ts';

/** A field of a form that is wrong. */
interface Wrong {
  /** The name of the field. */
  name: string;
  kind: FieldKind;
  fault: Fault;
}

const WrongFields = createContext<Wrong[]>([]);

/** A path of the API begins with the name of the field. */
const fieldOf = (path: string) => path.split('.')[0] ?? '';

/**
 * A form with fields, which are checked when it is sent, in the language of the page: the browser checks nothing. Each wrong field says what is wrong with it, a summary above
 * the fields links to each of them, and the first one takes the focus. Problems of the API with a path appear at their field in the same way, others in a note.
 * @param error what the last call threw
 * @param send is called with the values when the page finds nothing wrong
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
  const [wrong, setWrong] = useState<Wrong[]>([]);
  useLayoutEffect(() => {
    if (error) setWrong(refusedFields(form.current, error));
  }, [error]);
  useEffect(() => {
    if (wrong[0]) inputOf(form.current, wrong[0].name)?.focus();
  }, [wrong]);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const found = inputsOf(event.currentTarget).flatMap(wrongIn);
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

function Summary({ wrong, show }: { wrong: Wrong[]; show: (name: string) => void }) {
  const { locale } = useLocale();
  const id = useId();
  const follow = (event: MouseEvent, name: string) => {
    event.preventDefault();
    show(name);
  };
  return (
    <section className="note bad summary-of-faults" aria-labelledby={id}>
      <strong id={id}>{summaryTitle(locale)}</strong>
      <ul>
        {wrong.map(({ name, kind, fault }) => (
          <li key={name}>
            <a href={`#${name}`} onClick={(event) => follow(event, name)}>
              {sayFault(locale, kind, fault)}
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

function wrongIn(input: HTMLInputElement): Wrong[] {
  const { name, value, ariaRequired, dataset } = input;
  const kind = kindOf(input);
  const fault = faultOf(kind, value, { required: ariaRequired === 'true', expected: dataset.expected });
  return fault ? [{ name, kind, fault }] : [];
}

/** The fields that the API refused. In a form of one field, that field. */
function refusedFields(form: HTMLFormElement | null, error: unknown): Wrong[] {
  const errors = error instanceof ApiProblem && error.code === 'invalid-request' ? (error.problem.errors ?? []) : [];
  const paths = errors.map(({ path }) => fieldOf(path));
  const inputs = inputsOf(form);
  const refused = inputs.filter(({ name }) => paths.includes(name));
  const [only] = inputs.length === 1 && errors.length > 0 ? inputs : [];
  return (refused.length > 0 ? refused : only ? [only] : []).map((input) => ({
    name: input.name,
    kind: kindOf(input),
    fault: 'refused',
  }));
}

/** A field with its label, its hint, and what is wrong with its value. */
export function Field(props: {
  label: string;
  hint?: string;
  /** What is wrong, where the form does not find it out itself. */
  error?: string;
  /** What the field asks for: the form checks it. */
  kind?: FieldKind;
  /** The only right value of a confirmation. */
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
  /** What is typed reads from left to right in every language: an address, a code. */
  ltr?: boolean;
}) {
  const { label, hint, kind, expected, required, onChange, ltr, error: given, ...input } = props;
  const id = useId();
  const { locale } = useLocale();
  const wrong = useContext(WrongFields).find(({ name }) => name === input.name);
  const error = wrong ? sayFault(locale, wrong.kind, wrong.fault) : given;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  // The browser checks the fields that no `Form` checks.
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
