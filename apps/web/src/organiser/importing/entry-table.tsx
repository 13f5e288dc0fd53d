import type { ImportPreview } from '#contract';
import { useFormat } from '../../shared/format.ts';
import { useSending } from '../../shared/sending.ts';
import type { Change } from './findings.tsx';
import { useImportingWords } from './words.ts';

/** How many entries are shown at first. */
const SHOWN = 100;

/** The entries as they were understood, so that a person sees at a glance whether the file was read right. */
export function EntryTable({ preview, change }: { preview: ImportPreview; change: Change }) {
  const words = useImportingWords();
  const { dated } = useFormat(preview.event.timeZone);
  const { sending, send } = useSending();
  const { entries, entryCount } = preview;
  if (entryCount === 0) return null;
  const restore = (key: string) => void send(() => change({ answers: { [`entries.${key}.skip`]: null } }));
  return (
    <details className="entries" open={entryCount <= 30}>
      <summary>
        <h2>{words.entries(entryCount)}</h2>
      </summary>
      <table className="sheet-table">
        <thead>
          <tr>
            <th scope="col">{words.when}</th>
            <th scope="col">{words.entry}</th>
            <th scope="col">{words.room}</th>
            <th scope="col">{words.seats}</th>
          </tr>
        </thead>
        <tbody>
          {entries.slice(0, SHOWN).map(({ key, title, room, startsAt, endsAt, capacity, speakers, skipped }) => (
            <tr key={key} className={skipped && 'skipped'}>
              <td>{startsAt ? dated(startsAt, endsAt) : words.unknown}</td>
              <th scope="row" dir="auto">
                {title}
                {speakers.length > 0 && <small>{speakers.join(', ')}</small>}
                {skipped && (
                  <button type="button" className="plain" disabled={sending} onClick={() => restore(key)}>
                    {words.restore}
                  </button>
                )}
              </th>
              <td dir="auto">{room ?? words.unknown}</td>
              <td>{capacity === undefined ? words.unknown : words.seatsOf(capacity)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {entryCount > SHOWN && <p className="hint">{words.more(entryCount - SHOWN)}</p>}
    </details>
  );
}
