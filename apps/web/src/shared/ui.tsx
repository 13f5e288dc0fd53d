import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import type { Cafe, CafeSeats, Locale } from '#contract';
import { ApiProblem, call } from './api.ts';
import { useMe, useSessionChanged } from './data.ts';
import { useConnected } from './live.ts';
import { languages, useLocale, useWords, type Words } from './words/index.ts';

/** What every page stands in: the head with its ways, the content, and whether numbers are live. */
export function Shell({ children }: { children: ReactNode }) {
  const words = useWords();
  const me = useMe();
  const [path] = useLocation();
  const changed = useSessionChanged();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [path]);
  const way = (href: string, label: string) => (
    <Link href={href} aria-current={path === href || (href !== '/' && path.startsWith(href)) ? 'page' : undefined}>
      {label}
    </Link>
  );
  return (
    <>
      <a className="skip" href="#main">
        {words.skip}
      </a>
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
        <nav aria-label="Comptoir">
          {way('/', words.nav.programme)}
          {way('/me', words.nav.mine)}
          {me && me.roles.length > 0 && way('/host', words.nav.door)}
          {me?.roles.some(({ role }) => role === 'organiser') && way('/organiser', words.nav.organise)}
          {me === null && way('/sign-in', words.nav.signIn)}
        </nav>
      </header>
      <Stale />
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      <footer className="foot">
        <LanguageSwitch />
        {me && (
          <button type="button" className="quiet" onClick={() => call('POST', '/sign-out').then(changed, changed)}>
            {words.signOut} ({me.name})
          </button>
        )}
      </footer>
    </>
  );
}

function LanguageSwitch() {
  const { locale, choose } = useLocale();
  const words = useWords();
  const me = useMe();
  return (
    <fieldset className="languages">
      <legend className="unseen">{words.language}</legend>
      {(Object.keys(languages) as Locale[]).map((each) => (
        <button
          type="button"
          key={each}
          lang={each}
          className="quiet"
          aria-pressed={each === locale}
          onClick={() => {
            choose(each);
            if (me) void call('PATCH', '/me', { locale: each }).catch(() => {});
          }}
        >
          {languages[each].name}
        </button>
      ))}
    </fieldset>
  );
}

/** Says so when numbers are not live; silent for the first moments of a page. */
function Stale() {
  const words = useWords();
  const connected = useConnected();
  const was = useRef(false);
  if (connected) was.current = true;
  return (
    <p className="stale" role="status" hidden={connected || !was.current}>
      {!connected && was.current && words.offline}
    </p>
  );
}

/** “Café 4”, “Stand DCOL”. */
export function labelOf(words: Words, cafe: Pick<Cafe, 'kind' | 'code'>): string {
  return `${words.kind[cafe.kind]} ${cafe.code}`;
}

/** How full, in words. */
export function seatWords(words: Words, { free, capacity, waitlisted }: CafeSeats): string {
  if (free === 0) return waitlisted > 0 ? words.seats.fullWaiting(waitlisted) : words.seats.full;
  return free <= Math.max(1, capacity * 0.2) ? words.seats.almost(free, capacity) : words.seats.free(free, capacity);
}

/** How full, as a class: the colour beside the words. */
export function fullness({ free, capacity }: CafeSeats): 'free' | 'almost' | 'full' {
  if (free === 0) return 'full';
  return free <= Math.max(1, capacity * 0.2) ? 'almost' : 'free';
}

/** Seats as a bar, beside the words that say the same. */
export function SeatBar({ seats }: { seats: CafeSeats }) {
  const share = seats.capacity === 0 ? 1 : Math.min(1, seats.taken / seats.capacity);
  return (
    <span className={`bar ${fullness(seats)}`} aria-hidden="true">
      <span style={{ inlineSize: `${share * 100}%` }} />
    </span>
  );
}

export function Field(props: {
  label: string;
  hint?: string;
  error?: string;
  type?: string;
  name: string;
  autoComplete?: string;
  inputMode?: 'email' | 'numeric' | 'text' | 'search';
  defaultValue?: string;
  value?: string;
  onChange?: (value: string) => void;
  maxLength?: number;
  pattern?: string;
  required?: boolean;
}) {
  const { label, hint, error, onChange, ...input } = props;
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        {...input}
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

/** A fault where it happened, with what to do next. */
export function ProblemNote({ error, children }: { error: unknown; children?: ReactNode }) {
  const words = useWords();
  if (!error) return null;
  const problem = error instanceof ApiProblem ? error.problem : {};
  return (
    <div className="note bad" role="alert">
      <strong>{problem.title ?? words.problem.unreachable}</strong>
      {problem.detail && <p>{problem.detail}</p>}
      {children}
    </div>
  );
}

/** The shape of what comes while it loads; what went wrong, and another try. */
export function Waiting({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useWords();
  if (error) {
    return (
      <ProblemNote error={error}>
        <button type="button" onClick={retry}>
          {words.retry}
        </button>
      </ProblemNote>
    );
  }
  return (
    <div className="skeleton" role="status">
      <span className="unseen">{words.loading}</span>
      <i />
      <i />
      <i />
    </div>
  );
}
