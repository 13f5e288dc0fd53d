import { useId } from 'react';
import type { ImportField, ImportFinding, ImportPlace, ImportPreview } from '#contract';
import { Form } from '../../shared/forms/form.tsx';
import { ProblemNote } from '../../shared/problem-note.tsx';
import { useSending } from '../../shared/sending.ts';
import { type ImportingWords, useImportingWords } from './words.ts';

export type Change = (values: {
  mapping?: ImportPreview['mapping'];
  answers?: Record<string, string | number | boolean | null>;
}) => Promise<void>;

/** What blocks, then what a person should look at; each with its words of the file, beside the fields that set it right. */
export function Findings({ preview, change }: { preview: ImportPreview; change: Change }) {
  const words = useImportingWords();
  const blocking = preview.findings.filter(({ blocks }) => blocks);
  const others = preview.findings.filter(({ blocks }) => !blocks);
  const { error, doubt, warning } = preview.findingCounts;
  const left = error + doubt + warning - preview.findings.length;
  return (
    <>
      <section aria-label={words.toAnswer}>
        <h2>{blocking.length > 0 ? `${words.toAnswer} (${preview.findingCounts.blocking})` : words.nothing}</h2>
        <List findings={blocking} change={change} />
      </section>
      {others.length > 0 && (
        <section aria-label={words.toLookAt}>
          <h2>{words.toLookAt}</h2>
          <List findings={others} change={change} />
          {left > 0 && <p className="hint">{words.more(left)}</p>}
        </section>
      )}
    </>
  );
}

function List({ findings, change }: { findings: ImportFinding[]; change: Change }) {
  return (
    <ol className="findings">
      {findings.map((finding) => (
        <Item key={`${finding.code} ${JSON.stringify(finding.place)}`} finding={finding} change={change} />
      ))}
    </ol>
  );
}

function Item({ finding, change }: { finding: ImportFinding; change: Change }) {
  const words = useImportingWords();
  const { sending, error, send } = useSending();
  const { level, message, place, fields, entry, blocks } = finding;
  const save = (values: FormData) => {
    const given = [...values].filter(([, value]) => value !== '');
    if (given.length > 0) void send(() => change({ answers: Object.fromEntries(given) as Record<string, string> }));
  };
  return (
    <li className={`note ${level === 'error' || blocks ? 'bad' : level === 'doubt' ? 'clash' : ''}`}>
      <p className="what">
        <span className="level">{words.levels[level]}</span> {placeOf(place, words)}
      </p>
      <p>
        <strong>{sentence(message)}</strong>
      </p>
      {place.passage && <blockquote dir="auto">{place.passage}</blockquote>}
      {fields.length > 0 && (
        <Form send={save} error={error} className="answer">
          {fields.map((field) => (
            <Answer key={field.path} field={field} />
          ))}
          <button type="submit" disabled={sending}>
            {words.save}
          </button>
        </Form>
      )}
      {entry !== undefined && (
        <button
          type="button"
          className="plain"
          disabled={sending}
          onClick={() => void send(() => change({ answers: { [`entries.${entry}.skip`]: true } }))}
        >
          {words.skip}
        </button>
      )}
      {fields.length === 0 && <ProblemNote error={error} />}
    </li>
  );
}

/** Values that are for every entry that has none of its own. */
const FOR_ALL = new Set(['day', 'start', 'minutes', 'room', 'capacity', 'host'].map((name) => `defaults.${name}`));

/** The field of one value: a list of choices, a date, a time, a number or a text. */
function Answer({ field }: { field: ImportField }) {
  const words = useImportingWords();
  const id = useId();
  const { path, type, value, choices } = field;
  const name = path.split('.').at(-1) ?? path;
  const label = words.fields[name] ?? path;
  const initial = value === undefined ? '' : String(value);
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {FOR_ALL.has(path) && <small> ({words.forAll})</small>}
      </label>
      {type === 'choice' ? (
        <select id={id} name={path} defaultValue={initial}>
          <option value="">{words.choose}</option>
          {choices?.map((choice) => (
            <option key={choice} value={choice}>
              {words.choices[choice] ?? choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          name={path}
          defaultValue={initial}
          list={choices && `${id}-list`}
          type={type === 'date' || type === 'time' ? type : 'text'}
          inputMode={type === 'number' ? 'numeric' : undefined}
        />
      )}
      {type !== 'choice' && choices && (
        <datalist id={`${id}-list`}>
          {choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
    </div>
  );
}

/** “ligne 5, colonne Fin · Jumelages”. */
function placeOf({ row, column, line, page, path, about }: ImportPlace, words: ImportingWords): string {
  const where = [
    page !== undefined && words.page(page),
    row !== undefined && words.row(row),
    column !== undefined && words.column(column),
    line !== undefined && row === undefined && words.line(line),
    row === undefined && line === undefined && about === undefined && path,
  ].filter(Boolean);
  return [where.join(', '), about].filter(Boolean).join(' · ');
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
