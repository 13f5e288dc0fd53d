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
import { type PageLocale, useLocale } from '../words/index.ts';
import { type Fault, type FieldKind, faultOf, sayFault, summaryTitle } from './faults.ts';

/** A field of a form that is wrong: a fault of its kind, or the sentence of its own check. */
type Wrong = { name: string } & ({ kind: FieldKind; fault: Fault } | { said: string });

/** What is wrong with a value, as a sentence in the language of the page; undefined where nothing is. */
export type Check = (value: string) => string | undefined;

/** `checks`: those of the fields that have one of their own, by the name of the field. */
const FormContext = createContext<{ wrong: Wrong[]; checks: Map<string, Check> }>({ wrong: [], checks: new Map() });

/** The `data-kind` of a field with a check of its own. */
export const OWN = 'own';

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
  const [checks] = useState(() => new Map<string, Check>());
  useLayoutEffect(() => {
    if (error) setWrong(refusedFields(form.current, error));
  }, [error]);
  useEffect(() => {
    if (wrong[0]) focusOn(form.current, wrong[0].name);
  }, [wrong]);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const found = checkedIn(event.currentTarget).flatMap((field) => wrongIn(field, checks));
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

function Summary({ wrong, show }: { wrong: Wrong[]; show: (name: string) => void }) {
  const { locale } = useLocale();
  const follow = (event: MouseEvent, name: string) => {
    event.preventDefault();
    show(name);
  };
  return (
    <div className="note bad summary-of-faults">
      <strong>{summaryTitle(locale)}</strong>
      <ul>
        {wrong.map((each) => (
          <li key={each.name}>
            <a href={`#${each.name}`} onClick={(event) => follow(event, each.name)}>
              {say(locale, each)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

const say = (locale: PageLocale, wrong: Wrong) =>
  'said' in wrong ? wrong.said : sayFault(locale, wrong.kind, wrong.fault);

/** An input, or a group of choices. */
type Checked = HTMLInputElement | HTMLFieldSetElement;

function checkedIn(form: HTMLFormElement | null): Checked[] {
  return [...(form?.querySelectorAll<Checked>('[data-kind]') ?? [])];
}

function focusOn(form: HTMLFormElement | null, name: string): void {
  const field = checkedIn(form).find((each) => each.name === name);
  (field instanceof HTMLFieldSetElement ? field.querySelector('input') : field)?.focus();
}

function wrongIn(field: Checked, checks: Map<string, Check>): Wrong[] {
  const { name, ariaRequired, dataset } = field;
  const value = 'value' in field ? field.value : '';
  const own = checks.get(name);
  if (own) {
    const said = own(value);
    return said ? [{ name, said }] : [];
  }
  const kind = dataset.kind as FieldKind;
  const fault = faultOf(kind, value, { required: ariaRequired === 'true', expected: dataset.expected });
  return fault ? [{ name, kind, fault }] : [];
}

/** Gives a field or a group of choices a check of its own. Returns what is wrong with it now. */
export function useCheck(name: string, check?: Check): string | undefined {
  const { locale } = useLocale();
  const { wrong, checks } = useContext(FormContext);
  useEffect(() => {
    if (!check) return;
    checks.set(name, check);
    return () => void checks.delete(name);
  });
  const found = wrong.find((each) => each.name === name);
  return found && say(locale, found);
}

/** The fields of a known kind that the API refused. In a form of one field, that field. */
function refusedFields(form: HTMLFormElement | null, error: unknown): Wrong[] {
  const errors = error instanceof ApiProblem && error.code === 'invalid-request' ? (error.problem.errors ?? []) : [];
  const paths = errors.map(({ path }) => fieldOf(path));
  const inputs = checkedIn(form).filter(({ dataset }) => dataset.kind !== OWN);
  const refused = inputs.filter(({ name }) => paths.includes(name));
  const [only] = inputs.length === 1 && errors.length > 0 ? inputs : [];
  return (refused.length > 0 ? refused : only ? [only] : []).map(({ name, dataset }) => ({
    name,
    kind: dataset.kind as FieldKind,
    fault: 'refused',
  }));
}

/** A field with its label, its hint, and what is wrong with its value. */
export function Field(props: {
  label: string;
  hint?: string;
  /** What is wrong while it is typed. */
  error?: string;
  /** What the field asks for: the form checks it. */
  kind?: FieldKind;
  /** The check of a field without a `kind`. */
  check?: Check;
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
  required?: boolean;
  ref?: Ref<HTMLInputElement>;
  /** What is typed reads from left to right in every language: an address, a code. */
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
