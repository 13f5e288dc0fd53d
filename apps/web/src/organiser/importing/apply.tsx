import { useId } from 'react';
import type { ImportApplied, ImportDifference, ImportOptions, ImportPreview } from '#contract';
import { call } from '../../shared/api.ts';
import { ProblemNote } from '../../shared/problem-note.tsx';
import { useSending } from '../../shared/sending.ts';
import { useImportingWords } from './words.ts';

/** How many differences are shown, and how much of a value, in characters. */
const SHOWN = 100;
const VALUE_LENGTH = 80;

/** What the import changes, its options, and the yes. */
export function Apply(props: {
  preview: ImportPreview;
  options: ImportOptions;
  choose: (options: ImportOptions) => Promise<void>;
  onApplied: (applied: ImportApplied) => void;
  giveUp: () => void;
}) {
  const { preview, options, choose, onApplied, giveUp } = props;
  const words = useImportingWords();
  const { sending, error, send } = useSending();
  const choosing = useSending();
  const { id, ready, findingCounts } = preview;
  const apply = () => send(async () => onApplied(await call('POST /imports/{id}/apply', { id, body: options })));
  const set = (next: ImportOptions) => void choosing.send(() => choose({ ...options, ...next }));
  return (
    <>
      <Differences preview={preview} />
      {preview.eventId && <Options options={options} set={set} disabled={choosing.sending} />}
      <ProblemNote error={choosing.error} />
      <div className="actions apply">
        {ready ? (
          <button type="button" className="primary" disabled={sending} onClick={() => void apply()}>
            {sending ? words.applying : words.apply}
          </button>
        ) : (
          <p role="status">{findingCounts.blocking > 0 ? words.blocked(findingCounts.blocking) : words.refused}</p>
        )}
        <button type="button" disabled={sending} onClick={giveUp}>
          {words.giveUp}
        </button>
      </div>
      <ProblemNote error={error} />
    </>
  );
}

function Differences({ preview }: { preview: ImportPreview }) {
  const words = useImportingWords();
  const { differences, differenceCounts, findingCounts } = preview;
  const { added, changed, removed } = differenceCounts;
  if (findingCounts.blocking > 0) {
    return (
      <section>
        <h2>{words.changes}</h2>
        <p className="hint">{words.afterAnswers}</p>
      </section>
    );
  }
  return (
    <section>
      <h2>{words.changes}</h2>
      <p>{differences.length === 0 ? words.noChanges : words.counts(added, changed, removed)}</p>
      <ul className="differences">
        {differences.slice(0, SHOWN).map((difference) => (
          <Difference key={`${difference.about} ${difference.code} ${difference.field}`} difference={difference} />
        ))}
      </ul>
      {differences.length > SHOWN && <p className="hint">{words.more(differences.length - SHOWN)}</p>}
    </section>
  );
}

function Difference({ difference }: { difference: ImportDifference }) {
  const words = useImportingWords();
  const { about, code, change, field, from, to, outcome, reason } = difference;
  return (
    <li className={outcome}>
      <strong>
        {words.about[about]} {code}
      </strong>
      {' : '}
      {words.change[change]}
      {field && <> · {fieldName(field, words.fields)}</>}
      {field && (
        <span dir="auto">
          {' : '}
          <del>{short(from)}</del> → <ins>{short(to)}</ins>
        </span>
      )}
      {outcome !== 'done' && (
        <small>
          {words.outcome[outcome]}
          {reason && <> : {reason}</>}
        </small>
      )}
    </li>
  );
}

function Options(props: { options: ImportOptions; set: (options: ImportOptions) => void; disabled: boolean }) {
  const { options, set, disabled } = props;
  const words = useImportingWords();
  const id = useId();
  return (
    <section>
      <h2>{words.options}</h2>
      {(['remove', 'draft', 'move'] as const).map((name) => (
        <label key={name} className="check">
          <input
            type="checkbox"
            checked={options[name] ?? false}
            disabled={disabled}
            onChange={({ target }) => set({ [name]: target.checked })}
          />
          {words[name]}
        </label>
      ))}
      <div className="field conflicts">
        <label htmlFor={id}>{words.conflicts}</label>
        <select
          id={id}
          value={options.organisers ?? ''}
          disabled={disabled}
          onChange={({ target }) => set({ organisers: (target.value || undefined) as ImportOptions['organisers'] })}
        >
          {(['', 'keep', 'overwrite'] as const).map((choice) => (
            <option key={choice} value={choice}>
              {words.conflict[choice]}
            </option>
          ))}
        </select>
      </div>
    </section>
  );
}

/** `texts.fr.title` is the title in French; other fields have their own names. */
function fieldName(field: string, names: Record<string, string>): string {
  const [, language, name = field] = /^texts\.([^.]+)\.(.+)$/.exec(field) ?? [];
  return `${names[name] ?? name}${language ? ` (${language})` : ''}`;
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '–' : JSON.stringify(value);
  return text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH)}…` : text;
}
