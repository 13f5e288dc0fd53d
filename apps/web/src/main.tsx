import '@fontsource-variable/fraunces/wght.css';
import '@fontsource-variable/source-sans-3/wght.css';
import './styles.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, StrictMode, Suspense, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Link, Route, Switch } from 'wouter';
import { MySeatsPage } from './plan/my-seats-page.tsx';
import { TicketPage } from './plan/ticket-page.tsx';
import { CafePage } from './programme/cafe-page.tsx';
import { ProgrammePage } from './programme/programme-page.tsx';
import { ApiProblem } from './shared/api.ts';
import { Shell, Waiting } from './shared/ui.tsx';
import { currentLocale, keepLocale, LocaleContext, useWords } from './shared/words/index.ts';
import { SignInPage } from './sign-in/sign-in-page.tsx';

// Attendees do not load what only hosts and organisers need.
const HostPage = lazy(() => import('./host/host-page.tsx'));
const DoorPage = lazy(() => import('./host/door-page.tsx'));
const OrganiserPage = lazy(() => import('./organiser/organiser-page.tsx'));

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A clear answer is not asked for again; a counter that does not answer is.
      retry: (count, error) => !(error instanceof ApiProblem && error.code !== 'unreachable') && count < 3,
    },
  },
});

function App() {
  const [locale, setLocale] = useState(currentLocale);
  const language = useMemo(
    () => ({
      locale,
      choose: (chosen: typeof locale) => {
        keepLocale(chosen);
        setLocale(chosen);
      },
    }),
    [locale],
  );
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  return (
    <LocaleContext value={language}>
      <QueryClientProvider client={queries}>
        <Suspense fallback={<Waiting error={undefined} retry={() => {}} />}>
          <Switch>
            <Route path="/">{() => <ProgrammePage />}</Route>
            <Route path="/events/:slug">{({ slug }) => <ProgrammePage slug={slug} />}</Route>
            <Route path="/cafes/:id">{({ id }) => <CafePage key={id} cafeId={id} />}</Route>
            <Route path="/me">{() => <MySeatsPage />}</Route>
            <Route path="/registrations/:id">{({ id }) => <TicketPage registrationId={id} />}</Route>
            <Route path="/sign-in">{() => <SignInPage />}</Route>
            <Route path="/host">{() => <HostPage />}</Route>
            <Route path="/host/cafes/:id">{({ id }) => <DoorPage key={id} cafeId={id} />}</Route>
            <Route path="/organiser">{() => <OrganiserPage />}</Route>
            <Route>{() => <NotFound />}</Route>
          </Switch>
        </Suspense>
      </QueryClientProvider>
    </LocaleContext>
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

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
