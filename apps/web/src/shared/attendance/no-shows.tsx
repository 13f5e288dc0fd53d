import '../../styles/group.css';
import { useState } from 'react';
import type { Attendance, AttendancePerson, Cafe, NoShowRelease } from '#contract';
import { ApiProblem, call } from '../api.ts';
import { useNow } from '../clock.ts';

import { Choices } from '../forms/choices.tsx';
import { Form } from '../forms/form.tsx';
import { ProblemNote } from '../problem-note.tsx';

import { useSending } from '../sending.ts';
import { UndoNote } from '../undo.tsx';
import { useWords } from '../words/index.ts';
import { useStaffWords } from '../words/staff.ts';

/** How often a page checks whether a Café has begun or ended, in milliseconds. */
const NOW_EVERY_MS = 5_000;

const monotonic = () => performance.now();

export type Phase = 'before' | 'during' | 'after';

export function usePhase({ startsAt, endsAt }: Pick<Cafe, 'startsAt' | 'endsAt'>): Phase {
  const now = useNow(NOW_EVERY_MS);
  if (now < Date.parse(startsAt)) return 'before';
  return now < Date.parse(endsAt) ? 'during' : 'after';
}

interface NoShowsProps {
  phase: Phase;
  attendance: Attendance | undefined;
  time: (instant: string) => string;
}

/** The form that releases the seats of chosen no-shows to the waitlist, after the grace period, and at most as many as the waitlist takes. */
export function NoShows({ phase, attendance, time }: NoShowsProps) {
  const { noShows: words } = useStaffWords();
  const now = useNow(NOW_EVERY_MS);
  if (phase === 'before') return <p className="hint">{words.notBegun}</p>;
  if (phase === 'after' || !attendance) return null;
  const { releasableFrom } = attendance;
  if (now < Date.parse(releasableFrom)) return <p className="hint">{words.grace(time(releasableFrom))}</p>;
  return <Releasing attendance={attendance} />;
}

/** A release that this page made. `until`: the end of its undo time, in milliseconds of `performance.now()`. */
interface OwnRelease extends NoShowRelease {
  until: number;
}

function Releasing({ attendance }: { attendance: Attendance }) {
  const { noShows: words } = useStaffWords();
  const { cafeId, people, waitlisted, releases } = attendance;
  const [mine, setMine] = useState<OwnRelease[]>([]);
  const [undone, setUndone] = useState<string[]>([]);
  const pending = releases.filter(({ id }) => !undone.includes(id));
  const shown = [...mine, ...pending.filter(({ id }) => mine.every((own) => own.id !== id))];
  // A release of this page is known from its answer, before the attendance list contains it.
  const now = useNow(NOW_EVERY_MS, monotonic);
  const isPending = ({ id, until }: OwnRelease) => !undone.includes(id) && monotonic() < until;
  const held = mine.filter(({ id, until }) => !undone.includes(id) && now < until);
  const leaving = new Set([...pending, ...held].flatMap(({ registrationIds }) => registrationIds));
  const absent = people.filter(({ status, checkedInAt }) => status === 'confirmed' && !checkedInAt);
  const choosable = absent.filter(({ registrationId }) => !leaving.has(registrationId));
  const namesOf = ({ registrationIds }: NoShowRelease) =>
    people.filter(({ registrationId }) => registrationIds.includes(registrationId)).map(({ name }) => name);
  return (
    <>
      {shown.map((release) => (
        <UndoNote
          key={release.id}
          msLeft={release.msLeft}
          mine={mine.some(({ id }) => id === release.id)}
          undo={async () => {
            await call('DELETE /cafes/{id}/no-shows/{releaseId}', { id: cafeId, releaseId: release.id });
            setUndone((before) => [...before, release.id]);
          }}
        >
          {words.soon(namesOf(release))}
        </UndoNote>
      ))}
      {choosable.length === 0 ? (
        <p className="hint">{absent.length === 0 ? words.nobodyAbsent : words.allChosen}</p>
      ) : (
        <Choice
          people={choosable}
          waiting={Math.max(0, waitlisted - leaving.size)}
          promised={leaving.size > 0}
          release={async (registrationIds) => {
            const made = await call('POST /cafes/{id}/no-shows', { id: cafeId, body: { registrationIds } });
            // Removes the notes of earlier releases that have taken effect or were undone.
            setMine((before) => [{ ...made, until: monotonic() + made.msLeft }, ...before.filter(isPending)]);
          }}
        />
      )}
    </>
  );
}

/** The form in which no-shows are chosen by name. It shows the effect above the button. */
function Choice(props: {
  people: AttendancePerson[];
  /** The number of people in the waitlist who will get no seat of a pending release. */
  waiting: number;
  /** Whether a release is pending, whose seats other people of the waitlist will get. */
  promised: boolean;
  release: (ids: string[]) => Promise<void>;
}) {
  const { people, waiting, promised, release } = props;
  const { noShows: words } = useStaffWords();
  const { sending: sendingWord } = useWords();
  const [chosen, setChosen] = useState<string[]>([]);
  const { sending, error, send, reset } = useSending();
  if (waiting === 0) return <p className="hint">{words.nobodyWaits(people.length, promised)}</p>;
  // People who have been checked in meanwhile are not chosen any more.
  const names = people.filter(({ registrationId }) => chosen.includes(registrationId)).map(({ name }) => name);
  const ids = people.map(({ registrationId }) => registrationId).filter((id) => chosen.includes(id));
  function choose(id: string, on: boolean) {
    setChosen((before) => (on ? [...before, id] : before.filter((each) => each !== id)));
    reset();
  }
  function check(): string | undefined {
    if (ids.length === 0) return words.chooseOne;
    return ids.length > waiting ? words.tooMany(ids.length, waiting) : undefined;
  }
  const submit = () => void send(() => release(ids).then(() => setChosen([])));
  const problem = error instanceof ApiProblem && error.code === 'more-than-wait' ? error.problem : undefined;
  return (
    <Form className="no-shows" send={submit}>
      <Choices legend={words.who} hint={words.atMost(waiting)} name="absent" check={check}>
        {people.map(({ registrationId, name, organisation }) => (
          <label key={registrationId} className="mode">
            <input
              type="checkbox"
              checked={chosen.includes(registrationId)}
              onChange={(event) => choose(registrationId, event.target.checked)}
            />
            <span>
              <b>
                <bdi>{name}</bdi>
              </b>
              {organisation && <small className="hosts">{organisation}</small>}
            </span>
          </label>
        ))}
      </Choices>
      <p role="status">{names.length > 0 && words.effect(names)}</p>
      {problem ? (
        <p className="note bad" role="alert">
          {words.fewerCan(Number(problem.waiting))}
        </p>
      ) : (
        <ProblemNote error={error} />
      )}
      <button type="submit" disabled={sending}>
        {sending ? sendingWord : words.release(ids.length)}
      </button>
    </Form>
  );
}
