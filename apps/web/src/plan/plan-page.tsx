import '../styles/plan.css';
import { Link } from 'wouter';
import type { Cafe, EventProgramme, Registration } from '#contract';
import { isActive } from '../programme/mine.ts';
import { useNow } from '../shared/clock.ts';
import { useEvent, useMe, useRegistrations } from '../shared/data.ts';
import { Waiting } from '../shared/form.tsx';
import { useFormat } from '../shared/format.ts';
import { useFreshness, useWatchedEvent } from '../shared/live.ts';
import { countsAt } from '../shared/network.ts';
import { Shell } from '../shared/shell.tsx';
import { useWords } from '../shared/words/index.ts';
import { SignInForm } from '../sign-in/sign-in-page.tsx';
import { Seat } from './seat.tsx';
import { type PlanItem, timeLine } from './time-line.ts';
import { Undelivered } from './undelivered.tsx';

/** How often it is looked at what is over, in milliseconds. */
const NOW_EVERY_MS = 20_000;

/** What a person has at the event, in the order of time: seats, places in line, offers, and what is free in between. */
export default function PlanPage() {
  const words = useWords();
  const me = useMe();
  const { data: registrations, error, refetch } = useRegistrations();
  const { data: event } = useEvent();
  useWatchedEvent(event?.id, event?.cafes);
  if (me === null) {
    return (
      <Shell>
        <div className="narrow">
          <h1>{words.plan.title}</h1>
          <p>{words.plan.signIn}</p>
          <SignInForm onSignedIn={() => {}} />
        </div>
      </Shell>
    );
  }
  return (
    <Shell>
      <div className="plan">
        <h1>{words.plan.title}</h1>
        <Copy timeZone={event?.timeZone} />
        <Undelivered timeZone={event?.timeZone} />
        {registrations ? (
          <Plan registrations={registrations} event={event ?? undefined} />
        ) : (
          <Waiting error={error} retry={() => void refetch()} />
        )}
      </div>
    </Shell>
  );
}

/** Without network: from when this plan is. */
function Copy({ timeZone }: { timeZone?: string }) {
  const words = useWords();
  const { dated } = useFormat(timeZone);
  const at = countsAt();
  if (useFreshness() !== 'kept' || at === undefined) return null;
  const instant = new Date(at).toISOString();
  return <p className="hint">{words.plan.copy(dated(instant))}</p>;
}

function Plan({ registrations, event }: { registrations: Registration[]; event?: EventProgramme }) {
  const words = useWords();
  const now = useNow(NOW_EVERY_MS);
  const cafes = new Map(event?.cafes.map((cafe) => [cafe.id, cafe]));
  const { days, over } = timeLine(registrations.filter(isActive), now, event?.timeZone);
  const ended = registrations.filter((each) => !isActive(each));
  const seat = (registration: Registration) => (
    <Seat
      key={registration.id}
      registration={registration}
      cafe={cafes.get(registration.cafeId)}
      event={event}
      now={now}
    />
  );
  return (
    <>
      {days.length === 0 && over.length === 0 && (
        <div className="empty">
          <p>{words.plan.none}</p>
          <Link href="/" className="primary">
            {words.plan.noneNext}
          </Link>
        </div>
      )}
      {days.map((items) => (
        <Day key={items[0]?.registration.startsAt} items={items} cafes={cafes} event={event} now={now} />
      ))}
      {over.length > 0 && (
        <details className="past">
          <summary>{words.plan.over}</summary>
          <ul className="time-line">{over.map(seat)}</ul>
        </details>
      )}
      {ended.length > 0 && (
        <details className="past">
          <summary>{words.plan.past}</summary>
          <ul className="time-line">{ended.map(seat)}</ul>
        </details>
      )}
    </>
  );
}

function Day(props: { items: PlanItem[]; cafes: Map<string, Cafe>; event?: EventProgramme; now: number }) {
  const { items, cafes, event, now } = props;
  const words = useWords();
  const { day, duration } = useFormat(event?.timeZone);
  return (
    <section className="plan-day">
      <h2>{day(items[0]?.registration.startsAt ?? '')}</h2>
      <ul className="time-line">
        {items.flatMap(({ registration, freeBeforeMs }) => [
          freeBeforeMs > 0 && (
            <li key={`${registration.id} before`} className="pause">
              {words.plan.pause(duration(freeBeforeMs))}
            </li>
          ),
          <Seat
            key={registration.id}
            registration={registration}
            cafe={cafes.get(registration.cafeId)}
            event={event}
            now={now}
          />,
        ])}
      </ul>
    </section>
  );
}
