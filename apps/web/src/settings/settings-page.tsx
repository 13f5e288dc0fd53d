import '../styles/settings.css';
import { useState } from 'react';
import type { Me } from '#contract';
import { useChangeMe, useChooseLanguage, useMe } from '../shared/data.ts';
import { Field, Form } from '../shared/forms/form.tsx';
import { Waiting } from '../shared/problem-note.tsx';
import { Shell } from '../shared/shell.tsx';
import { SignInForm } from '../shared/sign-in/sign-in-form.tsx';
import { languages, pageLocales, useLocale, useWords } from '../shared/words/index.ts';
import { CalendarFeed } from './calendar-feed.tsx';
import { MyData } from './my-data.tsx';
import { Reminders } from './reminders.tsx';
import { SignOutEverywhere } from './sign-out-everywhere.tsx';

/** The person's settings: name, language, reminders, calendar feed and personal data. */
export default function SettingsPage() {
  const words = useWords();
  const me = useMe();
  return (
    <Shell>
      <div className="settings">
        <h1>{words.settings.title}</h1>
        {me === null && (
          <div className="narrow start">
            <p>{words.settings.signIn}</p>
            <SignInForm onSignedIn={() => {}} />
          </div>
        )}
        {me === undefined && <Waiting error={undefined} retry={() => {}} />}
        {me && <You key={me.id} me={me} />}
        <Language />
        {me && <Reminders me={me} />}
        {me && <CalendarFeed />}
        {me && <SignOutEverywhere />}
        {me && <MyData me={me} />}
      </div>
    </Shell>
  );
}

function You({ me }: { me: Me }) {
  const words = useWords();
  const change = useChangeMe();
  const [state, setState] = useState<'typing' | 'sending' | 'saved'>('typing');
  const [error, setError] = useState<unknown>();
  async function save(form: FormData) {
    const organisation = String(form.get('organisation')).trim();
    setState('sending');
    setError(undefined);
    try {
      await change({ name: String(form.get('name')), organisation: organisation === '' ? null : organisation });
      setState('saved');
    } catch (thrown) {
      setError(thrown);
      setState('typing');
    }
  }
  return (
    <section>
      <h2>{words.settings.you}</h2>
      <Form className="short-form" error={error} send={save} onChange={() => setState('typing')}>
        <p className="hint">
          <bdi>{me.email}</bdi>
        </p>
        <Field
          label={words.claim.name}
          name="name"
          kind="name"
          autoComplete="name"
          defaultValue={me.nameIsFromAddress ? '' : me.name}
          required
        />
        <Field
          label={`${words.settings.organisation} (${words.settings.optional})`}
          name="organisation"
          kind="organisation"
          autoComplete="organization"
          defaultValue={me.organisation}
        />
        <div className="actions">
          <button type="submit" disabled={state === 'sending'}>
            {state === 'sending' ? words.sending : words.settings.save}
          </button>
          <span role="status">{state === 'saved' && words.settings.saved}</span>
        </div>
      </Form>
    </section>
  );
}

/** The choice of language, with its effect on mails. */
function Language() {
  const { locale, words } = useLocale();
  const choose = useChooseLanguage();
  return (
    <section>
      <h2>{words.language}</h2>
      <fieldset className="choices">
        <legend className="hint">
          {words.settings.languageLead} {words.settings.mailLanguage}
        </legend>
        {pageLocales.map((each) => (
          <button type="button" key={each} lang={each} aria-pressed={each === locale} onClick={() => choose(each)}>
            {languages[each].name}
          </button>
        ))}
      </fieldset>
    </section>
  );
}
