import '../styles/plan.css';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import type { EventSummary, Registration } from '#contract';
import { useNow } from '../shared/clock.ts';
import { useEventOf, useEvents, useMe, useRegistrations } from '../shared/data.ts';
import { useFormat } from '../shared/format.ts';
import { useFreshness, useWatchedEvent } from '../shared/live.ts';
import { countsAt, serverNow } from '../shared/network.ts';
import { Waiting } from '../shared/problem-note.tsx';
import { guestsToConfirm, isActive, isOwn } from '../shared/registrations/own-registrations.ts';
import { Shell } from '../shared/shell.tsx';
import { SignInForm } from '../shared/sign-in/sign-in-form.tsx';
import { sortEvents } from '../shared/sort-events.ts';
import { useWords } from '../shared/words/index.ts';
import { Groups } from './groups.tsx';
import { GuestSeats } from './guest-seats.tsx';
import { Seat } from './seat.tsx';
import { type PlanItem, timeLine } from './time-line.ts';
import { Undelivered } from './undelivered-note.tsx';

/** How often the page checks which Cafés have ended, in milliseconds. */
const NOW_EVERY_MS = 20_000;

/** The person's plan by time: seats, places in the waitlist, offers, and the free time in between. */
export default function PlanPage() {
  const words = useWords();
  const me = useMe();
  const { data: registrations, error, refetch } = useRegistrations();
  const { data: events = [] } = useEvents();
  const timeZone = sortEvents(events, serverNow())[0]?.timeZone;
  if (me === null) {
    return (
      <Shell>
        <div className="narrow">
          <h1>{words.plan.title}</h1>
          <GuestSeats />
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
        <Copy timeZone={timeZone} />
        <Undelivered timeZone={timeZone} />
        {registrations ? (
          <Plan registrations={registrations} events={events} />
        ) : (
          <Waiting error={error} retry={() => void refetch()} />
        )}
        {me && <Groups key={me.id} me={me} />}
      </div>
    </Shell>
  );
}

/** Shows the age of the kept plan while there is no network. */
function Copy({ timeZone }: { timeZone?: string }) {
  const words = useWords();
  const { dated } = useFormat(timeZone);
  const at = countsAt();
  if (useFreshness() !== 'kept' || at === undefined) return null;
  const instant = new Date(at).toISOString();
  return <p className="hint">{words.plan.copy(dated(instant))}</p>;
}

function Plan({ registrations, events }: { registrations: Registration[]; events: EventSummary[] }) {
  const words = useWords();
  const now = useNow(NOW_EVERY_MS);
  const timeZones = new Map(events.map(({ id, timeZone }) => [id, timeZone]));
  const timeZoneOf = ({ eventId }: Registration) => timeZones.get(eventId);
  const own = registrations.filter(isOwn);
  const { days, over } = timeLine(own.filter(isActive), now, timeZoneOf);
  const guests = guestsToConfirm(registrations).filter(({ endsAt }) => now < Date.parse(endsAt));
  const coming = days.flatMap((items) => items.map(({ registration }) => registration));
  const eventIds = new Set([...guests, ...coming].map(({ eventId }) => eventId));
  const ended = own.filter((each) => !isActive(each));
  const dated = (registration: Registration) => (
    <Seat key={registration.id} registration={registration} now={now} dated />
  );
  return (
    <>
      {[...eventIds].map((eventId) => (
        <Watched key={eventId} eventId={eventId} />
      ))}
      {guests.length > 0 && (
        <section className="plan-day" aria-labelledby="guests">
          <h2 id="guests">{words.claim.guestTitle}</h2>
          <ul className="time-line">{guests.map(dated)}</ul>
        </section>
      )}
      {days.length === 0 && over.length === 0 && guests.length === 0 && (
        <div className="empty">
          <p>{words.plan.none}</p>
          <Link href="/" className="primary">
            {words.plan.noneNext}
          </Link>
        </div>
      )}
      {days.map((items) => (
        <Day
          key={items[0]?.registration.startsAt}
          items={items}
          timeZone={items[0] && timeZoneOf(items[0].registration)}
          now={now}
        />
      ))}
      {over.length > 0 && <Past title={words.plan.over}>{() => over.map(dated)}</Past>}
      {ended.length > 0 && <Past title={words.plan.past}>{() => ended.map(dated)}</Past>}
    </>
  );
}

/** A closed list of past registrations. Their data is read when the list is opened. */
function Past({ title, children }: { title: string; children: () => ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="past" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{title}</summary>
      {open && <ul className="time-line">{children()}</ul>}
    </details>
  );
}

/** Watches an event. Renders nothing. */
function Watched({ eventId }: { eventId: string }) {
  const { data: event } = useEventOf(eventId);
  useWatchedEvent(eventId, event?.cafes);
  return null;
}

function Day({ items, timeZone, now }: { items: PlanItem[]; timeZone?: string; now: number }) {
  const words = useWords();
  const { day, duration } = useFormat(timeZone);
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
          <Seat key={registration.id} registration={registration} now={now} />,
        ])}
      </ul>
    </section>
  );
}
