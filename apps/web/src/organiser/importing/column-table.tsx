import type { ImportColumnField, ImportPreview } from '#contract';
import { ProblemNote } from '../../shared/problem-note.tsx';
import { useSending } from '../../shared/sending.ts';
import type { Change } from './findings.tsx';
import { useImportingWords } from './words.ts';

/** The columns of a table, each with some of its values and a list of what it may contain. A choice is sent at once. */
export function ColumnTable({ preview, change }: { preview: ImportPreview; change: Change }) {
  const words = useImportingWords();
  const { sending, error, send } = useSending();
  const { columns, mapping } = preview;
  if (!columns || !mapping) return null;
  const choose = (at: number, value: string) => {
    const field = value === '' ? null : (value as ImportColumnField);
    // A field belongs to one column: the one that was chosen last.
    const next = columns.map((_, index) =>
      index === at ? field : mapping[index] === field ? null : (mapping[index] ?? null),
    );
    void send(() => change({ mapping: next }));
  };
  return (
    <section aria-label={words.columnsTitle}>
      <h2>{words.columnsTitle}</h2>
      <p className="hint">{words.columnsHint}</p>
      <table className="sheet-table">
        <thead>
          <tr>
            <th scope="col">{words.columnsHeading}</th>
            <th scope="col">{words.columnsExamples}</th>
            <th scope="col">{words.columnsField}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map(({ heading, letters, examples }, index) => {
            const name = heading || words.withoutHeading(letters);
            return (
              <tr key={letters}>
                <th scope="row" dir="auto">
                  {name}
                </th>
                <td dir="auto">{examples.join(' · ')}</td>
                <td>
                  <select
                    aria-label={`${words.columnsField} : ${name}`}
                    value={mapping[index] ?? ''}
                    disabled={sending}
                    onChange={({ target }) => choose(index, target.value)}
                  >
                    <option value="">{words.unread}</option>
                    {(Object.keys(words.columnFields) as ImportColumnField[]).map((field) => (
                      <option key={field} value={field}>
                        {words.columnFields[field]}
                      </option>
                    ))}
                  </select>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <ProblemNote error={error} />
    </section>
  );
}
