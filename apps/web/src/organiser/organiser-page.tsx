import { type FormEvent, lazy, Suspense, useEffect, useState } from 'react';
import type { Dashboard, DashboardCafe } from '#contract';
import { ApiProblem, call } from '../shared/api.ts';
import { useEvent, useMe } from '../shared/data.ts';
import { useLive } from '../shared/live.ts';
import { Field, ProblemNote, SeatBar, Shell, Waiting } from '../shared/ui.tsx';
import { useFormat, useWords } from '../shared/words/index.ts';
import { SignInForm } from '../sign-in/sign-in-page.tsx';

const OverTime = lazy(() => import('./over-time.tsx'));

export default function OrganiserPage() {
  const words = useWords();
  const me = useMe();
  const { data: event } = useEvent();
  const eventId = me?.roles.find(({ role }) => role === 'organiser')?.eventId;
  const dashboard = useDashboard(eventId);
  const { day, span } = useFormat(event?.timeZone);
  const rooms = dashboard?.rooms.filter(({ roomId }) => dashboard.cafes.some((cafe) => cafe.roomId === roomId)) ?? [];
  return (
    <Shell>
      <h1>{words.organise.title}</h1>
      {me === null ? (
        <div className="narrow">
          <SignInForm onSignedIn={() => {}} />
        </div>
      ) : me && !eventId ? (
        <p className="empty">{words.organise.notOrganiser}</p>
      ) : !dashboard ? (
        <Waiting error={undefined} retry={() => {}} />
      ) : (
        <>
          <Totals dashboard={dashboard} />
          <div className="panels">
            <section>
              <h2>{words.organise.overTime}</h2>
              <Suspense fallback={<div className="chart" />}>
                <OverTime series={dashboard.registrationsOverTime} timeZone={event?.timeZone} />
              </Suspense>
            </section>
            <section>
              <h2>{words.organise.mail}</h2>
              <div className="figures">
                <Total name="mail-sent" value={dashboard.mail.sent} label={words.organise.sent} />
                <Total name="mail-waiting" value={dashboard.mail.waiting} label={words.organise.waiting} />
                <Total name="mail-failed" value={dashboard.mail.failed} label={words.organise.failed} />
              </div>
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
                    <th scope="col">{words.organise.cafe}</th>
                    <th scope="col">{words.organise.seats}</th>
                    <th scope="col">{words.organise.line}</th>
                    <th scope="col">{words.organise.present}</th>
                    <th scope="col">{words.organise.change}</th>
                  </tr>
                </thead>
                <tbody>
                  {dashboard.cafes
                    .filter((cafe) => cafe.roomId === roomId)
                    .map((cafe) => (
                      <CafeLine
                        key={cafe.cafeId}
                        cafe={cafe}
                        when={`${day(cafe.startsAt)}, ${span(cafe.startsAt, cafe.endsAt)}`}
                      />
                    ))}
                </tbody>
              </table>
            </section>
          ))}
        </>
      )}
    </Shell>
  );
}

function useDashboard(eventId: string | undefined): Dashboard | undefined {
  const live = useLive();
  const [dashboard, setDashboard] = useState<Dashboard>();
  useEffect(() => {
    if (!live || !eventId) return;
    return live.watchDashboard(eventId, (fresh) =>
      setDashboard((known) => (known && known.version > fresh.version ? known : fresh)),
    );
  }, [live, eventId]);
  return dashboard;
}

function Totals({ dashboard: { totals } }: { dashboard: Dashboard }) {
  const { totals: words } = useWords().organise;
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
      <td data-label={words.organise.seats}>
        <span className="number" data-figure="taken">
          {seats.taken} / {seats.capacity}
        </span>
        <SeatBar seats={seats} />
      </td>
      <td data-label={words.organise.line}>
        <span className="number" data-figure="waitlisted">
          {seats.waitlisted}
        </span>
      </td>
      <td data-label={words.organise.present}>
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
  const words = useWords();
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
      ? words.organise.below(Number(problem.taken))
      : problem.code === 'capacity-above-room'
        ? words.organise.above(Number(problem.roomCapacity))
        : undefined;
  if (cafe.state === 'cancelled') return null;
  return (
    <form onSubmit={submit} className="change">
      <Field
        label={words.organise.capacity}
        name="capacity"
        inputMode="numeric"
        pattern="\d{1,6}"
        value={capacity ?? String(cafe.seats.capacity)}
        onChange={setCapacity}
        error={said}
        required
      />
      <button type="submit" disabled={sending || capacity === undefined}>
        {words.organise.save}
      </button>
      {cafe.state === 'open' ? (
        <button type="button" disabled={sending} onClick={() => void change({ state: 'closed' })}>
          {words.organise.close}
        </button>
      ) : (
        <button type="button" disabled={sending} onClick={() => void change({ state: 'open' })}>
          {words.organise.reopen}
        </button>
      )}
      {!said && <ProblemNote error={error} />}
    </form>
  );
}
