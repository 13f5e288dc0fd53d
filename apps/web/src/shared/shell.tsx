import { type ReactNode, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import type { Me } from '#contract';
import { BUILD_ID } from './crash.tsx';
import { useChooseLanguage, useMe, useSignOut } from './data.ts';
import { useHeading } from './heading.ts';
import { useFreshness } from './live.ts';
import { dismissSessionNote, useSessionNote } from './session-note.ts';
import { languages, type PageLocale, pageLocales, useContentLocale, useLocale, useWords } from './words/index.ts';

/**
 * The frame of every page: the head with its links, the content, and notes about the network and the session.
 * @param inContentLocale whether the content is in the language of the API's answers, as on the pages of hosts and organisers
 */
export function Shell({ children, inContentLocale = false }: { children: ReactNode; inContentLocale?: boolean }) {
  const words = useWords();
  const content = useContentLocale();
  const main = useRef<HTMLElement>(null);
  useHeading(main);
  return (
    <>
      <a className="skip" href="#main">
        {words.skip}
      </a>
      <Head />
      <Stale />
      <SessionNote />
      <main id="main" ref={main} tabIndex={-1} {...(inContentLocale && { lang: content, dir: 'ltr' })}>
        {children}
      </main>
      <Foot />
    </>
  );
}

function Head() {
  const words = useWords();
  const me = useMe();
  const staff = isStaff(me);
  const [path] = useLocation();
  const link = (href: string, label: string) => (
    <Link href={href} aria-current={path === href ? 'page' : undefined}>
      {label}
    </Link>
  );
  return (
    <header className="head">
      <Link href="/" className="brand">
        <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
          <circle cx="16" cy="16" r="8" className="brand-table" />
          <circle cx="16" cy="3" r="2.6" className="brand-free" />
          <circle cx="29" cy="16" r="2.6" className="brand-free" />
          <circle cx="16" cy="29" r="2.6" className="brand-free" />
          <circle cx="3" cy="16" r="2.6" className="brand-mine" />
        </svg>
        Comptoir
      </Link>
      <nav aria-label="Comptoir" className={staff ? 'staff' : undefined}>
        {link('/', words.nav.programme)}
        {link('/me', words.nav.mine)}
        {me && !staff && link('/me/settings', words.nav.settings)}
        {staff && link('/host', words.nav.door)}
        {me?.roles.some(({ role }) => role === 'organiser') && link('/organiser', words.nav.organise)}
        {me === null && link('/sign-in', words.nav.signIn)}
      </nav>
      <LanguageChoice />
    </header>
  );
}

/** Whether the person is a host or an organiser. Their head has more links than a phone shows in one line, so the link to the settings is in the foot. */
function isStaff(me: Me | null | undefined): boolean {
  return Boolean(me?.roles.length);
}

/** The choice of language, each language by its own name. It is stored on this device. */
function LanguageChoice() {
  const { locale, words } = useLocale();
  const choose = useChooseLanguage();
  return (
    <select
      className="languages"
      aria-label={words.language}
      value={locale}
      onChange={(event) => choose(event.target.value as PageLocale)}
    >
      {pageLocales.map((each) => (
        <option key={each} value={each} lang={each}>
          {languages[each].name}
        </option>
      ))}
    </select>
  );
}

function Foot() {
  const words = useWords();
  const me = useMe();
  const signOut = useSignOut();
  const [, go] = useLocation();
  return (
    <footer className="foot">
      <span className="foot-brand">Comptoir {isStaff(me) && <small className="hint">{BUILD_ID}</small>}</span>
      {me && (
        <span className="actions">
          {isStaff(me) && <Link href="/me/settings">{words.nav.settings}</Link>}
          <button type="button" className="quiet" onClick={() => void signOut().then(() => go('/'))}>
            <span>
              {words.signOut} (<bdi>{me.nameIsFromAddress ? me.email : me.name}</bdi>)
            </span>
          </button>
        </span>
      )}
    </footer>
  );
}

const SESSION_NOTES = { everywhere: 'everywhereDone', ended: 'sessionEnded', erased: 'erased' } as const;

/** Says how the session ended, until the person signs in or closes the note. */
function SessionNote() {
  const words = useWords();
  const me = useMe();
  const note = useSessionNote();
  const shown = me ? undefined : note;
  return (
    <div role="status">
      {shown && (
        <p className="stale session">
          {words.settings[SESSION_NOTES[shown]]} {shown === 'ended' && <Link href="/sign-in">{words.nav.signIn}</Link>}
          <button type="button" className="quiet" onClick={dismissSessionNote}>
            {words.close}
          </button>
        </p>
      )}
    </div>
  );
}

/** Says that numbers are not live. Screen readers read it once; the ages beside the numbers change without it. */
function Stale() {
  const words = useWords();
  const me = useMe();
  const freshness = useFreshness();
  const offline = me === null ? words.stale.offlineSignedOut : words.stale.offline;
  return (
    <div role="status">
      {freshness !== 'live' && (
        <p className={`stale ${freshness}`}>{freshness === 'kept' ? offline : words.stale.polling}</p>
      )}
    </div>
  );
}
