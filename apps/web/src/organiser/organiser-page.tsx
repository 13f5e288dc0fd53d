import '../styles/door.css';
import '../styles/board.css';
import { type FormEvent, lazy, Suspense, useEffect, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { Dashboard, DashboardCafe, EventSummary } from '#contract';
import { comingFirst } from '../programme/order.ts';
import { ApiProblem, call } from '../shared/api.ts';
import { useEvents, useMe } from '../shared/data.ts';
import { Field, ProblemNote, Waiting } from '../shared/form.tsx';
import { useFormat } from '../shared/format.ts';
import { useLive } from '../shared/live.ts';
import { serverNow } from '../shared/network.ts';
import { SeatBar } from '../shared/seats.tsx';
import { Shell } from '../shared/shell.tsx';
import { useWords } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { SignInForm } from '../sign-in/sign-in-page.tsx';
import { UndeliveredList } from './undelivered.tsx';

const OverTime = lazy(() => import('./over-time.tsx'));

export default function OrganiserPage() {
  const staff = useStaffWords();
  const me = useMe();
  const { data: events, error, refetch } = useEvents();
  const [query] = useSearchParams();
  const organised = comingFirst(events ?? [], serverNow()).filter(({ id }) =>
    me?.roles.some(({ role, eventId }) => role === 'organiser' && eventId === id),
  );
  const event = organised.find(({ slug }) => slug === query.get('event')) ?? organised[0];
  return (
    <Shell told>
      <h1>{staff.organise.title}</h1>
      {organised.length > 1 && (
        <nav className="actions" aria-label={staff.organise.title}>
          {organised.map(({ id, slug, title }) => (
            <Link
              key={id}
              href={`/organiser?event=${slug}`}
              className="button"
              aria-current={id === event?.id ? 'page' : undefined}
            >
              {title}
            </Link>
          ))}
        </nav>
      )}
      {me === null ? (
        <div className="narrow">
          <SignInForm onSignedIn={() => {}} />
        </div>
      ) : event ? (
        <Board key={event.id} event={event} />
      ) : me && events ? (
        <p className="empty">{staff.organise.notOrganiser}</p>
      ) : (
        <Waiting error={error} retry={() => void refetch()} />
      )}
    </Shell>
  );
}

function Board({ event: { id, slug, timeZone } }: { event: EventSummary }) {
  const staff = useStaffWords();
  const dashboard = useDashboard(id);
  const { dated } = useFormat(timeZone);
  if (!dashboard) return <Waiting error={undefined} retry={() => {}} />;
  const rooms = dashboard.rooms.filter(({ roomId }) => dashboard.cafes.some((cafe) => cafe.roomId === roomId));
  return (
    <>
      <Totals dashboard={dashboard} />
      <div className="panels">
        <section>
          <h2>{staff.organise.overTime}</h2>
          <Suspense fallback={<div className="chart" />}>
            <OverTime series={dashboard.registrationsOverTime} timeZone={timeZone} />
          </Suspense>
        </section>
        <section>
          <h2>{staff.organise.mail}</h2>
          <div className="figures">
            <Total name="mail-sent" value={dashboard.mail.sent} label={staff.organise.sent} />
            <Total name="mail-waiting" value={dashboard.mail.waiting} label={staff.organise.waiting} />
            <Total name="mail-failed" value={dashboard.mail.failed} label={staff.organise.failed} />
          </div>
          <UndeliveredList slug={slug} failed={dashboard.mail.failed} timeZone={timeZone} />
          <p>
            <a href="/board/">{staff.organise.queues}</a>
          </p>
        </section>
      </div>
      {rooms.map(({ roomId, name, capacity }) => (
        <section key={roomId} className="round">
          <h2>
            {name} <small className="hosts">({capacity})</small>
          </h2>
          <table className="board">
            <thead>
              <tr>
                <th scope="col">{staff.organise.cafe}</th>
                <th scope="col">{staff.organise.seats}</th>
                <th scope="col">{staff.organise.line}</th>
                <th scope="col">{staff.organise.present}</th>
                <th scope="col">{staff.organise.change}</th>
              </tr>
            </thead>
            <tbody>
              {dashboard.cafes
                .filter((cafe) => cafe.roomId === roomId)
                .map((cafe) => (
                  <CafeLine key={cafe.cafeId} cafe={cafe} when={dated(cafe.startsAt, cafe.endsAt)} />
                ))}
            </tbody>
          </table>
        </section>
      ))}
    </>
  );
}

function useDashboard(eventId: string): Dashboard | undefined {
  const live = useLive();
  const [dashboard, setDashboard] = useState<Dashboard>();
  useEffect(() => {
    if (!live) return;
    return live.watchDashboard(eventId, (fresh) =>
      setDashboard((known) => (known && known.version > fresh.version ? known : fresh)),
    );
  }, [live, eventId]);
  return dashboard;
}

function Totals({ dashboard: { totals } }: { dashboard: Dashboard }) {
  const { totals: words } = useStaffWords().organise;
  return (
    <div className="figures">
      <Total name="total-taken" value={totals.taken} label={words.taken} />
      <Total name="total-free" value={Math.max(0, totals.capacity - totals.taken)} label={words.free} />
      <Total name="total-waitlisted" value={totals.waitlisted} label={words.waitlisted} />
      <Total name="total-present" value={totals.present} label={words.present} tone="here" />
      <Total name="total-people" value={totals.people} label={words.people} />
    </div>
  );
}

function Total({ name, value, label, tone = '' }: { name: string; value: number; label: string; tone?: string }) {
  return (
    <p className={`figure ${tone}`} data-figure={name}>
      <b>{value}</b>
      <span>{label}</span>
    </p>
  );
}

function CafeLine({ cafe, when }: { cafe: DashboardCafe; when: string }) {
  const words = useWords();
  const staff = useStaffWords();
  const { seats, state, code, title } = cafe;
  return (
    <tr data-cafe={code}>
      <th scope="row">
        <small>
          {code} · {when}
        </small>
        {title}
        {state !== 'open' && <small>{words.state[state]}</small>}
      </th>
      <td data-label={staff.organise.seats}>
        <span className="number" data-figure="taken">
          {seats.taken} / {seats.capacity}
        </span>
        <SeatBar seats={seats} />
      </td>
      <td data-label={staff.organise.line}>
        <span className="number" data-figure="waitlisted">
          {seats.waitlisted}
        </span>
      </td>
      <td data-label={staff.organise.present}>
        <span className="number" data-figure="present">
          {seats.present}
        </span>
      </td>
      <td className="wide">
        <Change cafe={cafe} />
      </td>
    </tr>
  );
}

/** Raise a capacity, close or reopen: the numbers above show the effect. */
function Change({ cafe }: { cafe: DashboardCafe }) {
  const staff = useStaffWords();
  const [capacity, setCapacity] = useState<string>();
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  async function change(what: object) {
    setSending(true);
    setError(undefined);
    try {
      await call('PATCH', `/cafes/${cafe.cafeId}`, what);
      setCapacity(undefined);
    } catch (fault) {
      setError(fault);
    } finally {
      setSending(false);
    }
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (capacity) void change({ capacity: Number(capacity) });
  }
  const { problem = {} } = error instanceof ApiProblem ? error : {};
  const said =
    problem.code === 'capacity-below-taken'
      ? staff.organise.below(Number(problem.taken))
      : problem.code === 'capacity-above-room'
        ? staff.organise.above(Number(problem.roomCapacity))
        : undefined;
  if (cafe.state === 'cancelled') return null;
  return (
    <form onSubmit={submit} className="change">
      <Field
        label={staff.organise.capacity}
        name="capacity"
        inputMode="numeric"
        pattern="\d{1,6}"
        value={capacity ?? String(cafe.seats.capacity)}
        onChange={setCapacity}
        error={said}
        required
      />
      <button type="submit" disabled={sending || capacity === undefined}>
        {staff.organise.save}
      </button>
      {cafe.state === 'open' ? (
        <button type="button" disabled={sending} onClick={() => void change({ state: 'closed' })}>
          {staff.organise.close}
        </button>
      ) : (
        <button type="button" disabled={sending} onClick={() => void change({ state: 'open' })}>
          {staff.organise.reopen}
        </button>
      )}
      {!said && <ProblemNote error={error} />}
    </form>
  );
}
