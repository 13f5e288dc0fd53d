import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import type { Dashboard, DashboardCafe, EventSummary } from '#contract';
import { Figure } from '../shared/figure.tsx';
import { useFormat } from '../shared/format.ts';
import { useAge } from '../shared/live.ts';
import { serverNow } from '../shared/network.ts';
import { Waiting } from '../shared/problem-note.tsx';
import { labelOf, SeatBar } from '../shared/seats.tsx';
import { useWords } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { CapacityForm, StateButton } from './changing.tsx';
import { ClosingUndo } from './closing.tsx';
import { useDashboard } from './dashboard.ts';
import { seatsToTake } from './seats-to-take.ts';
import { UndeliveredList } from './undelivered-list.tsx';

const OverTime = lazy(() => import('./over-time.tsx'));

/** The dashboard of an event: one row for each Café, with the most used controls. On a phone the controls are only on the Café's page. */
export function Board({ event: { id, slug, timeZone } }: { event: EventSummary }) {
  const staff = useStaffWords();
  const { dashboard, refused, error } = useDashboard(id);
  const { dated } = useFormat(timeZone);
  if (refused) return <p className="empty">{staff.organise.notOrganiser}</p>;
  if (!dashboard) return <Waiting error={error} retry={() => {}} />;
  const { mail } = dashboard;
  const rooms = dashboard.rooms.filter(({ roomId }) => dashboard.cafes.some((cafe) => cafe.roomId === roomId));
  return (
    <>
      <AsOf />
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
            <Figure name="mail-sent" value={mail.sent} label={staff.organise.sent(mail.sent)} />
            <Figure name="mail-waiting" value={mail.waiting} label={staff.organise.waiting} />
            <Figure
              name="mail-failed"
              value={mail.failed}
              label={staff.organise.failed(mail.failed)}
              tone={mail.failed > 0 ? 'bad' : ''}
            />
          </div>
          <UndeliveredList slug={slug} failed={mail.failed} timeZone={timeZone} />
        </section>
      </div>
      {rooms.map(({ roomId, name, capacity }) => (
        <section key={roomId} className="round">
          <h2>
            {name} <small className="hosts">({capacity})</small>
          </h2>
          <table className="board cafes">
            <thead>
              <tr>
                <th scope="col">{staff.organise.cafe}</th>
                <th scope="col">{staff.organise.seats}</th>
                <th scope="col">{staff.organise.line}</th>
                <th scope="col">{staff.organise.present}</th>
                <th scope="col">{staff.organise.capacity}</th>
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

/** Shows the age of the numbers while the live connection is closed. */
function AsOf() {
  const { organise: words } = useStaffWords();
  const age = useAge();
  const { ago } = useFormat();
  return age === undefined ? null : <p className="hint">{words.asOf(ago(age))}</p>;
}

function Totals({ dashboard: { totals, cafes } }: { dashboard: Dashboard }) {
  const { totals: words } = useStaffWords().organise;
  const { taken, waitlisted, present, people } = totals;
  const free = seatsToTake(cafes, serverNow());
  return (
    <div className="figures">
      <Figure name="total-taken" value={taken} label={words.taken(taken)} />
      <Figure name="total-free" value={free} label={words.free(free)} />
      <Figure name="total-waitlisted" value={waitlisted} label={words.waitlisted} />
      <Figure name="total-present" value={present} label={words.present(present)} tone="here" />
      <Figure name="total-people" value={people} label={words.people(people)} />
    </div>
  );
}

function CafeLine({ cafe, when }: { cafe: DashboardCafe; when: string }) {
  const words = useWords();
  const staff = useStaffWords();
  const { cafeId, seats, state, code, title, targetCapacity } = cafe;
  return (
    <tr data-cafe={code}>
      <th scope="row">
        <small>
          {labelOf(words, cafe)} · {when}
        </small>
        <Link href={`/organiser/cafes/${cafeId}`}>{title}</Link>
        {state !== 'open' && <small>{words.state[state]}</small>}
      </th>
      <td>
        <span className="number" data-figure="taken">
          {seats.taken} / {seats.capacity}
        </span>
        <SeatBar seats={seats} />
        {targetCapacity !== undefined && <small>{staff.organise.target(targetCapacity)}</small>}
      </td>
      <td data-label={staff.organise.totals.waitlisted}>
        <span className="number" data-figure="waitlisted">
          {seats.waitlisted}
        </span>
      </td>
      <td data-label={staff.organise.totals.present(seats.present)}>
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
        <ClosingUndo cafe={cafe} />
      </td>
    </tr>
  );
}
