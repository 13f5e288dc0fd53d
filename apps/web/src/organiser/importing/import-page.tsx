import '../../styles/importing.css';
import { type DragEvent, useEffect, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { ImportApplied, ImportOptions, ImportPreview } from '#contract';
import { call } from '../../shared/api.ts';
import { useStaffMe } from '../../shared/data.ts';
import { NoRole, useRevoked } from '../../shared/no-role.tsx';
import { ProblemNote, Waiting } from '../../shared/problem-note.tsx';
import { useSending } from '../../shared/sending.ts';
import { Shell } from '../../shared/shell.tsx';
import { SignInForm } from '../../shared/sign-in/sign-in-form.tsx';
import { Apply } from './apply.tsx';
import { ColumnTable } from './column-table.tsx';
import { EntryTable } from './entry-table.tsx';
import { Findings } from './findings.tsx';
import { useImportingWords } from './words.ts';

/** The page that imports a programme from a file: over an event, or without `slug` as a new one. */
export default function ImportPage({ slug }: { slug?: string }) {
  const words = useImportingWords();
  const me = useStaffMe();
  const isOrganiser = me?.roles.some(({ role }) => role === 'organiser') ?? false;
  const revoked = useRevoked(isOrganiser);
  return (
    <Shell inContentLocale>
      <h1>{words.title}</h1>
      {me === null ? (
        <div className="narrow">
          <SignInForm onSignedIn={() => {}} />
        </div>
      ) : me === undefined ? (
        <Waiting error={undefined} retry={() => {}} />
      ) : isOrganiser ? (
        <Importing slug={slug} />
      ) : (
        <NoRole revoked={revoked} never={words.notOrganiser} />
      )}
    </Shell>
  );
}

/** The steps: a file, what it would do, done. The address keeps the import, so that a page that is opened again goes on with it. */
function Importing({ slug }: { slug: string | undefined }) {
  const words = useImportingWords();
  const [query, setQuery] = useSearchParams();
  const [preview, setPreview] = useState<ImportPreview>();
  const [options, setOptions] = useState<ImportOptions>({});
  const [applied, setApplied] = useState<ImportApplied>();
  const { sending, error, send } = useSending();
  const kept = query.get('import');
  useEffect(() => {
    if (kept && !preview) void send(async () => setPreview(await call('GET /imports/{id}', { id: kept })));
  }, [kept]);

  const show = (next: ImportPreview | undefined) => {
    setPreview(next);
    setQuery(next ? { import: next.id } : {}, { replace: true });
  };
  const read = (file: File) =>
    send(async () => {
      const query = { fileName: file.name.slice(0, 200) };
      show(
        slug === undefined
          ? await call('POST /imports', { body: file, query })
          : await call('POST /events/{slug}/imports', { slug, body: file, query }),
      );
    });
  const change = async (
    values: Pick<ImportPreview, 'mapping'> & { answers?: Record<string, string | number | boolean | null> },
  ) => {
    if (preview) show(await call('PATCH /imports/{id}', { id: preview.id, body: { ...values, options } }));
  };
  const choose = async (next: ImportOptions) => {
    setOptions(next);
    if (preview) show(await call('PATCH /imports/{id}', { id: preview.id, body: { options: next } }));
  };
  const giveUp = () =>
    send(async () => {
      if (preview) await call('DELETE /imports/{id}', { id: preview.id });
      show(undefined);
    });

  if (applied) return <Done applied={applied} />;
  if (!preview) {
    return (
      <>
        <p>{slug === undefined ? words.intoNew : words.into}</p>
        <FileField read={(file) => void read(file)} reading={sending} />
        <ProblemNote error={error} />
      </>
    );
  }
  return (
    <div className="importing">
      <p>
        <strong>{preview.fileName}</strong> · {words.kindOf[preview.kind]}
        {preview.event.title && ` · ${preview.event.title}`}
      </p>
      <Findings preview={preview} change={change} />
      <ColumnTable preview={preview} change={change} />
      <EntryTable preview={preview} change={change} />
      <Apply preview={preview} options={options} choose={choose} onApplied={setApplied} giveUp={() => void giveUp()} />
    </div>
  );
}

/** A field for one file, onto which one can be dropped. */
function FileField({ read, reading }: { read: (file: File) => void; reading: boolean }) {
  const words = useImportingWords();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file && !reading) read(file);
  };
  return (
    <label
      className={`file-field${over ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <strong>{reading ? words.reading : words.drop}</strong>
      <input
        type="file"
        disabled={reading}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) read(file);
          // The same file may be chosen again after it was corrected.
          target.value = '';
        }}
      />
      <small className="hint">{words.kinds}</small>
    </label>
  );
}

function Done({ applied }: { applied: ImportApplied }) {
  const words = useImportingWords();
  const { added, changed, removed } = applied.differenceCounts;
  return (
    <div className="note good" role="status">
      <strong>{words.done}</strong>
      <p>{words.counts(added, changed, removed)}</p>
      <p>
        <Link href={`/organiser?event=${applied.slug}`} className="button primary">
          {words.toEvent}
        </Link>
      </p>
    </div>
  );
}
