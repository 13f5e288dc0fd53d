import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import type { Dashboard, DashboardCafe, EventSummary } from '#contract';
import { Figure } from '../shared/figure.tsx';
import { Waiting } from '../shared/form.tsx';
import { useFormat } from '../shared/format.ts';
import { labelOf, SeatBar } from '../shared/seats.tsx';
import { useWords } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { CapacityForm, StateButton } from './changing.tsx';
import { useDashboard } from './dashboard.ts';
import { UndeliveredList } from './undelivered.tsx';

const OverTime = lazy(() => import('./over-time.tsx'));

/** An event as it fills: every Café a line, with what is changed most. */
export function Board({ event: { id, slug, timeZone } }: { event: EventSummary }) {
  const staff = useStaffWords();
  const { dashboard, refused } = useDashboard(id);
  const { dated } = useFormat(timeZone);
  if (refused) return <p className="empty">{staff.organise.notOrganiser}</p>;
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
            <Figure name="mail-sent" value={dashboard.mail.sent} label={staff.organise.sent} />
            <Figure name="mail-waiting" value={dashboard.mail.waiting} label={staff.organise.waiting} />
            <Figure name="mail-failed" value={dashboard.mail.failed} label={staff.organise.failed} />
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

function Totals({ dashboard: { totals } }: { dashboard: Dashboard }) {
  const { totals: words } = useStaffWords().organise;
  return (
    <div className="figures">
      <Figure name="total-taken" value={totals.taken} label={words.taken} />
      <Figure name="total-free" value={Math.max(0, totals.capacity - totals.taken)} label={words.free} />
      <Figure name="total-waitlisted" value={totals.waitlisted} label={words.waitlisted} />
      <Figure name="total-present" value={totals.present} label={words.present} tone="here" />
      <Figure name="total-people" value={totals.people} label={words.people} />
    </div>
  );
}

function CafeLine({ cafe, when }: { cafe: DashboardCafe; when: string }) {
  const words = useWords();
  const staff = useStaffWords();
  const { cafeId, seats, state, code, title } = cafe;
  return (
    <tr data-cafe={code}>
      <th scope="row">
        <small>
          {labelOf(words, cafe)} · {when}
        </small>
        <Link href={`/organiser/cafes/${cafeId}`}>{title}</Link>
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
        {state !== 'cancelled' && (
          <CapacityForm cafe={cafe}>
            <StateButton cafe={cafe} />
          </CapacityForm>
        )}
      </td>
    </tr>
  );
}
