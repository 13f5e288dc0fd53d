import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Cafe, CafeSeats, Registration } from '#contract';
import { ApiProblem, call } from '../shared/api.ts';
import { useMe, useRegistrations } from '../shared/data.ts';
import { ProblemNote } from '../shared/form.tsx';
import { useContentLocale, useWords } from '../shared/words/index.ts';
import { ClashFault, ClashNote } from './clash.tsx';
import { GuestForm, type Typed } from './guest-form.tsx';
import { type GuestSeat, guestSeat, keepGuestSeat } from './guest-seat.ts';
import { canSwap, clashesOf, mineIn } from './mine.ts';
import { MySeat } from './my-seat.tsx';

/** The person's own registration in a Café: of the session, or what this browser claimed without one. */
export function useMySeat(cafeId: string): Registration | undefined {
  const me = useMe();
  const { data } = useRegistrations();
  if (me === null) return guestSeat(cafeId)?.registration;
  return mineIn(cafeId, data);
}

/**
 * Taking a seat: one tap signed in, a short form otherwise; a swap where another seat is in the way. Then what became of it.
 * @param open whether the Café takes registrations
 */
export function Claim({ cafe, seats, open }: { cafe: Cafe; seats: CafeSeats; open: boolean }) {
  const words = useWords();
  const me = useMe();
  const { data: registrations } = useRegistrations();
  const [claimed, setClaimed] = useState<GuestSeat>();
  // Between two answers of the server the seat that it gave is not in the list yet.
  const [given, setGiven] = useState<{ registration: Registration; wasFree: boolean }>();

  if (me === undefined || (me && !registrations)) return <div className="claim" />;
  const guest = me === null ? (claimed ?? guestSeat(cafe.id)) : undefined;
  const mine = guest?.registration ?? mineIn(cafe.id, registrations, given?.registration);
  if (mine) {
    const missed = given?.wasFree === true && mine.status === 'waitlisted';
    return <MySeat registration={mine} guest={guest} missed={missed} />;
  }
  if (cafe.state === 'cancelled') return <p className="note">{words.claim.cancelled}</p>;
  if (!open) return <p className="note">{words.claim.closed}</p>;
  if (seats.free === 0 && !cafe.waitlistOpen) return <p className="note">{words.claim.fullClosed}</p>;
  return (
    <Ask
      cafe={cafe}
      seats={seats}
      clashes={clashesOf(cafe, registrations)}
      onGiven={(registration, typed) => {
        if (typed) setClaimed(keepGuestSeat({ registration, ...typed }));
        else setGiven({ registration, wasFree: seats.free > 0 });
      }}
    />
  );
}

interface AskProps {
  cafe: Cafe;
  seats: CafeSeats;
  clashes: Registration[];
  onGiven: (registration: Registration, typed?: Typed) => void;
}

function Ask({ cafe, seats, clashes, onGiven }: AskProps) {
  const words = useWords();
  const locale = useContentLocale();
  const me = useMe();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();

  async function send(path: string, body: object, typed?: Typed) {
    setSending(true);
    setError(undefined);
    try {
      onGiven(await call<Registration>('POST', path, body), typed);
      await client.invalidateQueries({ queryKey: ['registrations'] });
    } catch (fault) {
      setError(fault);
    } finally {
      setSending(false);
    }
  }
  const claim = (body: object, typed?: Typed) => send(`/cafes/${cafe.id}/registrations`, body, typed);

  const isFree = seats.free > 0;
  const [clash] = clashes;
  const swappable = isFree && clashes.length === 1 && clash && canSwap(clash) ? clash : undefined;
  const blocked = clashes.length > 1 || (clash !== undefined && isFree && !swappable);
  const label = sending ? words.sending : isFree ? words.claim.take : words.claim.join;
  return (
    <div className="claim">
      <ClashNote clashes={clashes} isFree={isFree} blocked={blocked} />
      {me === null && open ? (
        <GuestForm
          error={error}
          label={label}
          sending={sending}
          send={(typed) => void claim({ ...typed, locale }, typed)}
          close={() => setOpen(false)}
        />
      ) : swappable ? (
        <button
          type="button"
          className="primary"
          disabled={sending}
          onClick={() => void send(`/registrations/${swappable.id}/swap`, { cafeId: cafe.id })}
        >
          {sending ? words.sending : words.claim.swap}
        </button>
      ) : (
        !blocked && (
          <button
            type="button"
            className="primary"
            disabled={sending}
            onClick={() => (me === null ? setOpen(true) : void claim({}))}
          >
            {label}
          </button>
        )
      )}
      {me && !clash && <p className="hint">{words.claim.signedInAs(me.name)}</p>}
      <ClaimFault error={error} eventId={cafe.eventId} />
    </div>
  );
}

function ClaimFault({ error, eventId }: { error: unknown; eventId: string }) {
  const words = useWords();
  if (!error) return null;
  const code = error instanceof ApiProblem ? error.code : undefined;
  if (code === 'schedule-clash') return <ClashFault error={error as ApiProblem} eventId={eventId} />;
  if (code === 'not-signed-in') {
    return (
      <div className="note" role="alert">
        <strong>{words.claim.signInFirst}</strong>
        <p>
          <Link href="/sign-in">{words.nav.signIn}</Link>
        </p>
      </div>
    );
  }
  return <ProblemNote error={error} />;
}
