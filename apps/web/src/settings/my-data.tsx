import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { Me } from '#contract';
import { call } from '../shared/api.ts';
import { useSessionChanged } from '../shared/data.ts';
import { Field, Form } from '../shared/forms/form.tsx';
import { deletePersonalData } from '../shared/offline/device-data.ts';
import { explainSessionEnd, recordSessionEnd } from '../shared/session-note.ts';
import { useWords } from '../shared/words/index.ts';

/** Exports or erases the person's data. */
export function MyData({ me }: { me: Me }) {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <section>
      <h2>{words.settings.data}</h2>
      <p className="hint">{words.settings.dataLead}</p>
      <div className="actions">
        <a href="/api/v1/me/data" download="comptoir.json" className="button">
          {words.settings.export}
        </a>
        <button type="button" className="quiet danger" onClick={() => dialog.current?.showModal()}>
          {words.settings.erase}
        </button>
      </div>
      <dialog ref={dialog} aria-label={words.settings.erase}>
        <Erase me={me} close={() => dialog.current?.close()} />
      </dialog>
    </section>
  );
}

/** The form that erases the account. Erasing cannot be undone, so the person types their address first. */
function Erase({ me, close }: { me: Me; close: () => void }) {
  const words = useWords();
  const changed = useSessionChanged();
  const [, go] = useLocation();
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  async function erase() {
    if (sending) return;
    setSending(true);
    setError(undefined);
    try {
      await call('DELETE /me');
      recordSessionEnd();
      await deletePersonalData();
      explainSessionEnd('erased');
      go('/');
      await changed();
    } catch (thrown) {
      setError(thrown);
      setSending(false);
    }
  }
  return (
    <Form className="short-form" error={error} send={erase}>
      <h2>{words.settings.erase}</h2>
      <p>{words.settings.eraseLead}</p>
      <Field
        label={words.settings.eraseConfirm(me.email)}
        name="confirm"
        kind="confirmation"
        expected={me.email}
        autoComplete="off"
        ltr
      />
      <div className="actions">
        <button type="submit" className="danger" aria-disabled={sending}>
          {sending ? words.sending : words.settings.eraseYes}
        </button>
        <button type="button" className="quiet" onClick={close}>
          {words.settings.keep}
        </button>
      </div>
    </Form>
  );
}
