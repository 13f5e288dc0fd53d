import './styles/fonts.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/seats.css';
import './styles/programme.css';
import './styles/cafe.css';
import './styles/print.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, StrictMode, Suspense, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Link, Route, Switch } from 'wouter';
import { keepKeyOfAddress } from './plan/registration-key.ts';
import { CafePage } from './programme/cafe-page.tsx';
import { ClaimFollower } from './programme/claim-follower.tsx';
import { ProgrammePage } from './programme/programme-page.tsx';
import { isTransient } from './shared/api.ts';
import { CrashBoundary, reloadOnce } from './shared/crash.tsx';
import { readCafe, readFirst, showSession, showSignedOut } from './shared/data.ts';
import { liveClient, reconnectLive } from './shared/live.ts';
import { workerAnswerAt } from './shared/network.ts';
import { deletePersonalData, registerServiceWorker } from './shared/offline/device-data.ts';
import { Waiting } from './shared/problem-note.tsx';
import { followChanges } from './shared/queries.ts';
import { resumeCancelling } from './shared/registrations/cancelling.ts';
import { Shell } from './shared/shell.tsx';
import { followSignIn } from './shared/sign-in-elsewhere.ts';
import { resumeSignOut } from './shared/sign-out.ts';
import {
  contentLocale,
  currentLocale,
  LocaleContext,
  languages,
  type PageLocale,
  storeLocale,
  useWords,
  type Words,
} from './shared/words/index.ts';

// The first content is the programme or a Café; other pages are loaded after it.
const PlanPage = lazy(() => import('./plan/plan-page.tsx'));
const SignInPage = lazy(() => import('./sign-in/sign-in-page.tsx'));
const TicketPage = lazy(() => import('./plan/ticket-page.tsx'));
const EventList = lazy(() => import('./programme/event-list.tsx'));
const SettingsPage = lazy(() => import('./settings/settings-page.tsx'));
const GroupPage = lazy(() => import('./group/group-page.tsx'));
const HostPage = lazy(() => import('./host/host-page.tsx'));
const DoorPage = lazy(() => import('./host/door-page.tsx'));
const ImportPage = lazy(() => import('./organiser/importing/import-page.tsx'));
const OrganiserPage = lazy(() => import('./organiser/organiser-page.tsx'));

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Without network the service worker answers.
      networkMode: 'always',
      // Only transient errors are retried.
      retry: (count, error) => isTransient(error) && count < 3,
    },
  },
});

function App({ first }: { first: { locale: PageLocale; words: Words } }) {
  const [spoken, setSpoken] = useState(first);
  const language = useMemo(
    () => ({
      ...spoken,
      choose: async (locale: PageLocale) => {
        const words = await languages[locale].load();
        storeLocale(locale);
        setSpoken({ locale, words });
      },
    }),
    [spoken],
  );
  useEffect(() => {
    document.documentElement.lang = spoken.locale;
    document.documentElement.dir = spoken.locale === 'ar' ? 'rtl' : 'ltr';
  }, [spoken]);
  return (
    <LocaleContext value={language}>
      <QueryClientProvider client={queries}>
        <ClaimFollower />
        <CrashBoundary>
          <Suspense fallback={<Loading />}>
            <Switch>
              <Route path="/">{() => <ProgrammePage />}</Route>
              <Route path="/events">{() => <EventList />}</Route>
              <Route path="/events/:slug">{({ slug }) => <ProgrammePage slug={slug} />}</Route>
              <Route path="/cafes/:id">{({ id }) => <CafePage key={id} cafeId={id} />}</Route>
              <Route path="/cafes/:id/group">{({ id }) => <GroupPage key={id} cafeId={id} />}</Route>
              <Route path="/me">{() => <PlanPage />}</Route>
              <Route path="/me/settings">{() => <SettingsPage />}</Route>
              <Route path="/registrations/:id">{({ id }) => <TicketPage registrationId={id} />}</Route>
              <Route path="/sign-in">{() => <SignInPage />}</Route>
              <Route path="/host">{() => <HostPage />}</Route>
              <Route path="/host/cafes/:id">{({ id }) => <DoorPage key={id} cafeId={id} />}</Route>
              <Route path="/organiser">{() => <OrganiserPage />}</Route>
              <Route path="/organiser/import">{() => <ImportPage />}</Route>
              <Route path="/organiser/events/:slug/import">{({ slug }) => <ImportPage key={slug} slug={slug} />}</Route>
              <Route path="/organiser/cafes/:id">{({ id }) => <OrganiserPage key={id} cafeId={id} />}</Route>
              <Route>{() => <NotFound />}</Route>
            </Switch>
          </Suspense>
        </CrashBoundary>
      </QueryClientProvider>
    </LocaleContext>
  );
}

function Loading() {
  return (
    <Shell>
      <Waiting error={undefined} retry={() => {}} />
    </Shell>
  );
}

function NotFound() {
  const words = useWords();
  return (
    <Shell>
      <h1>{words.notFound.title}</h1>
      <Link href="/">{words.notFound.next}</Link>
    </Shell>
  );
}

/** How long the first rendering waits for the data of a page that the server rendered, in milliseconds. */
const READ_WITHIN_MS = 4_000;

/** Reads the data of the page that the server rendered. The first rendering then replaces it with the same content, not with a placeholder. */
async function readRendered(locale: PageLocale): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, READ_WITHIN_MS));
  await Promise.race([readFirst(queries, location.pathname, contentLocale(locale)).catch(() => {}), late]);
}

/** Renders the pages in the reader's language, or in French if the words of that language cannot be loaded. */
async function start(): Promise<void> {
  const locale = currentLocale();
  const words = await languages[locale].load().catch(() => undefined);
  const first = words ? { locale, words } : { locale: 'fr' as const, words: await languages.fr.load() };
  if (document.querySelector('main[data-rendered]')) await readRendered(first.locale);
  createRoot(document.getElementById('root') as HTMLElement).render(
    <StrictMode>
      <App first={first} />
    </StrictMode>,
  );
}

window.addEventListener('vite:preloadError', (event) => {
  if (reloadOnce()) event.preventDefault();
});
registerServiceWorker(() => void queries.invalidateQueries());
keepKeyOfAddress();
resumeSignOut(
  () => {
    reconnectLive();
    void queries.invalidateQueries();
  },
  () => void deletePersonalData().then(() => showSignedOut(queries)),
);
followSignIn(() => showSession(queries));
resumeCancelling(() => void queries.invalidateQueries({ queryKey: ['registrations'] }));
void liveClient.then((live) => followChanges(live, queries, { readCafe, workerAnswerAt }));
void start();
