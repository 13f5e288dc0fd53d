import { type FormEvent, useId, useRef, useState } from 'react';
import { type ParsedPeople, parsePeople } from '#text';
import { ApiProblem } from '../shared/api.ts';
import { ProblemNote } from '../shared/problem-note.tsx';
import type { Person } from '../shared/registrations/booked-groups.ts';
import { useWords } from '../shared/words/index.ts';

/** The most people of one delegation (`DELEGATION_MAX` of the contract, whose schemas pages do not load). */
const GROUP_MAX = 20;

/** A line with an address that the mail server does not accept. */
interface Undeliverable {
  line: number;
  error: 'undeliverable';
}

/** The problems of single lines. */
const LINE_PROBLEMS = ['invalid-request', 'address-not-deliverable'];

/** The form for names and addresses, one person a line. Errors are listed by line after the first check, and updated while typing. */
export function PeopleForm(props: {
  text: string;
  change: (text: string) => void;
  readPreview: (people: Person[]) => Promise<void>;
}) {
  const { text, change, readPreview } = props;
  const words = useWords();
  const id = useId();
  const [checked, setChecked] = useState(false);
  const list = useRef<HTMLTextAreaElement>(null);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  const [refused, setRefused] = useState<(ParsedPeople['errors'][number] | Undeliverable)[]>([]);
  const { people, errors: found } = parsePeople(text, GROUP_MAX);
  const lineErrors = checked ? [...found, ...refused] : [];
  const isEmpty = checked && people.length === 0 && found.length === 0;

  async function submit(event: FormEvent) {
    event.preventDefault();
    setChecked(true);
    setError(undefined);
    setRefused([]);
    if (found.length > 0 || people.length === 0) return void list.current?.focus();
    setSending(true);
    try {
      await readPreview(people.map(({ name, email }) => ({ name, email })));
    } catch (thrown) {
      const bad = refusedAddresses(thrown).map((index) => people[index]?.line ?? 0);
      const isOurs = thrown instanceof ApiProblem && thrown.code === 'address-not-deliverable';
      setRefused(bad.map((line) => ({ line, error: isOurs ? 'undeliverable' : 'bad-address' })));
      if (bad.length === 0) setError(thrown);
      setSending(false);
    }
  }
  return (
    <form onSubmit={submit} className="people-form" noValidate>
      <div className="field">
        <label htmlFor={id}>{words.group.label}</label>
        <small id={`${id}-hint`} className="hint">
          {words.group.lead(GROUP_MAX)}
        </small>
        <textarea
          id={id}
          ref={list}
          rows={8}
          dir="auto"
          spellCheck={false}
          placeholder={words.group.example}
          value={text}
          onChange={(event) => {
            change(event.target.value);
            setRefused([]);
          }}
          aria-describedby={`${id}-hint ${id}-errors`}
          aria-invalid={lineErrors.length > 0 || isEmpty}
          aria-required
        />
        <div id={`${id}-errors`} role="status">
          {isEmpty && <p className="error">{words.group.none}</p>}
          {lineErrors.length > 0 && (
            <ul className="line-errors">
              {lineErrors.map(({ line, error: code }) => (
                <li key={`${line} ${code}`}>
                  <b>{words.group.line(line)}</b>{' '}
                  {code === 'too-many' ? words.group.errors[code](GROUP_MAX) : words.group.errors[code]}
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
      <div className="actions">
        <button type="submit" className="primary" disabled={sending}>
          {sending ? words.sending : words.group.check}
        </button>
        {people.length > 0 && <span className="hint">{words.group.people(people.length)}</span>}
      </div>
      <ProblemNote error={error} />
    </form>
  );
}

/** Returns the indexes of the people whose addresses the API refused. */
function refusedAddresses(error: unknown): number[] {
  const errors = error instanceof ApiProblem && LINE_PROBLEMS.includes(error.code) ? (error.problem.errors ?? []) : [];
  return errors.flatMap(({ path }) => {
    const place = /^emails\.(\d+)/.exec(path)?.[1];
    return place ? [Number(place)] : [];
  });
}
