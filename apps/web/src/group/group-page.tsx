import '../styles/people.css';
import '../styles/group.css';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Cafe, Me } from '#contract';
import { call } from '../shared/api.ts';
import { useCafe, useMe, useTimeZoneOf } from '../shared/data.ts';
import { useFormat } from '../shared/format.ts';
import { useCounts, useWatchedEvent } from '../shared/live.ts';
import { serverNow } from '../shared/network.ts';
import { Waiting } from '../shared/problem-note.tsx';
import type { Person } from '../shared/registrations/booked-groups.ts';
import { groupsOf, isBooked, storeGroup } from '../shared/registrations/booked-groups.ts';
import { Age, cafeWords, isOpen, labelOf } from '../shared/seats.tsx';
import { Shell } from '../shared/shell.tsx';
import { SignInForm } from '../shared/sign-in/sign-in-form.tsx';
import { RoundTable } from '../shared/table.tsx';
import { useContentAttributes, useContentLocale, useWords } from '../shared/words/index.ts';
import { Booking } from './booking.tsx';
import { Done } from './done.tsx';
import { PeopleForm } from './people-form.tsx';
import type { Mode, PreviewedPerson } from './previewed-person.ts';

/** Books seats for several people: list, preview, booking. */
export default function GroupPage({ cafeId }: { cafeId: string }) {
  const words = useWords();
  const me = useMe();
  const { data: cafe, gone, error, refetch } = useCafe(cafeId);
  useWatchedEvent(cafe?.eventId, cafe && [cafe]);
  if (me === null) {
    return (
      <Shell>
        <div className="narrow">
          <h1>{words.group.title}</h1>
          <p>{words.group.signIn}</p>
          <SignInForm onSignedIn={() => {}} />
        </div>
      </Shell>
    );
  }
  return (
    <Shell>
      <article className="group">
        <p className="back">
          <Link href={`/cafes/${cafeId}`}>
            <span className="arrow" aria-hidden="true" /> {cafe ? labelOf(words, cafe) : words.cafe.back}
          </Link>
        </p>
        <h1>{words.group.title}</h1>
        {cafe && me && !gone ? <Group cafe={cafe} me={me} /> : <Waiting error={error} retry={() => void refetch()} />}
      </article>
    </Shell>
  );
}

/** The three steps of a booking: the list, the preview, the outcome. The outcome is shown until the Café ends. */
function Group({ cafe, me }: { cafe: Cafe; me: Me }) {
  const locale = useContentLocale();
  const [text, setText] = useState('');
  const [preview, setPreview] = useState<PreviewedPerson[]>();
  const [done, setDone] = useState(() => groupsOf(me.id).filter(({ cafeId }) => cafeId === cafe.id));

  async function readPreview(people: Person[]) {
    const emails = people.map(({ email }) => email);
    const answer = await call('POST /cafes/{id}/delegations/preview', { id: cafe.id, body: { emails } });
    setPreview(people.map((person, index) => ({ ...person, outcome: answer.people[index]?.outcome ?? 'free' })));
  }
  async function book(people: Person[], mode: Mode) {
    const body = { mode, people: people.map(({ name, email }) => ({ name, email, locale })) };
    const { people: given } = await call('POST /cafes/{id}/delegations', { id: cafe.id, body });
    const group = {
      cafeId: cafe.id,
      by: me.id,
      at: new Date(serverNow()).toISOString(),
      endsAt: cafe.endsAt,
      people,
      given,
    };
    if (isBooked(group)) storeGroup(group);
    setDone([group, ...done]);
  }
  function correct() {
    setPreview(undefined);
    setDone([]);
  }
  function another() {
    setText('');
    correct();
  }
  return (
    <>
      <CafeHead cafe={cafe} />
      {done.length > 0 ? (
        <Done groups={done} cafe={cafe} correct={correct} another={another} />
      ) : preview ? (
        <Booking cafe={cafe} previewed={preview} change={setPreview} book={book} correct={correct} />
      ) : (
        <PeopleForm text={text} change={setText} readPreview={readPreview} />
      )}
    </>
  );
}

function CafeHead({ cafe }: { cafe: Cafe }) {
  const words = useWords();
  const contentAttributes = useContentAttributes();
  const seats = useCounts(cafe);
  const open = isOpen(cafe, serverNow());
  const { dated } = useFormat(useTimeZoneOf(cafe.eventId));
  return (
    <div className="group-cafe">
      <RoundTable seats={seats} open={open} cancelled={cafe.state === 'cancelled'} size={72} />
      <div>
        <p className="eyebrow">{dated(cafe.startsAt, cafe.endsAt)}</p>
        <h2 {...contentAttributes}>{cafe.title}</h2>
        <p className="seats-line">
          {cafeWords(words, cafe, seats, open)}
          <Age />
        </p>
      </div>
    </div>
  );
}
