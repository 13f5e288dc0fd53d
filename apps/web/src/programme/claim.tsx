import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { Cafe, CafeSeats, Me, Registration } from '#contract';
import { isSameAddress } from '#text';
import { ApiProblem, type CallRequest, call } from '../shared/api.ts';
import { showSession, useMe, useRegistrations } from '../shared/data.ts';
import { takeFocus, useArrival } from '../shared/focus.ts';
import { SendButton } from '../shared/forms/send-button.tsx';
import { ProblemNote } from '../shared/problem-note.tsx';
import { ClashNote, ClashProblem } from '../shared/registrations/clash.tsx';
import { GuestConfirmation } from '../shared/registrations/guest-confirmation.tsx';
import { type GuestSeat, storeGuestSeat, useGuestSeats } from '../shared/registrations/guest-seat.ts';
import { canSwap, clashesOf, guestsToConfirm, isActive, mineIn } from '../shared/registrations/own-registrations.ts';
import { useContentLocale, useWords, type Words } from '../shared/words/index.ts';
import type { Typed } from './guest-form.tsx';
import { EndedClaim, MyClaim, MySeat } from './my-seat.tsx';

/** Loads the forms after the first content. On most networks they are there before the person presses the button. */
const forms = async () =>
  (await Promise.all([import('./guest-form.tsx'), import('../shared/sign-in/code-form.tsx')]))[0];
const GuestForm = lazy(async () => ({ default: (await forms()).GuestForm }));
const NameForm = lazy(async () => ({ default: (await forms()).NameForm }));
const FirstSeat = lazy(async () => ({ default: (await forms()).FirstSeat }));

/** The answer to a claim. */
interface ClaimResult {
  registration: Registration;
  /** Whether the page showed free seats when the person claimed. */
  wasFree: boolean;
  /** The seat that was swapped for it. */
  swapped?: Registration;
}

/**
 * Claims a seat: one tap with a session, a short form without one; a swap where another seat overlaps. Then shows the result.
 * @param open whether the Café accepts registrations
 */
export function Claim({ cafe, seats, open }: { cafe: Cafe; seats: CafeSeats; open: boolean }) {
  const words = useWords();
  const me = useMe();
  const { data: registrations } = useRegistrations();
  const guest = useGuestSeats().find(({ registration }) => registration.cafeId === cafe.id);
  // The answer to the claim arrives before the list of registrations that contains it.
  const [given, setGiven] = useState<ClaimResult>();
  const [correcting, setCorrecting] = useState(false);
  // The answer to an action accepts the focus. A page that was just opened does not move the focus.
  const hasActed = useRef(false);
  const signedOut = useRef(false);
  useEffect(() => {
    // A session that begins while the page is open was begun with the form of the claim.
    if (me && signedOut.current) hasActed.current = true;
    if (me !== undefined) signedOut.current = me === null;
  }, [me]);

  if (me === undefined || (me && !registrations)) return <div className="claim" />;
  const arrived = hasActed.current;
  const accepts = open && (seats.free > 0 || cafe.waitlistOpen);
  const mine = me ? mineIn(cafe.id, registrations, given?.registration) : undefined;
  function correctAddress(on: boolean) {
    hasActed.current = true;
    setCorrecting(on);
  }
  const answerFor = ({ id }: Registration) => (given?.registration.id === id ? given : undefined);
  const missed = (registration: Registration) =>
    answerFor(registration)?.wasFree === true && registration.status === 'waitlisted';
  if (mine) {
    const swapped = answerFor(mine)?.swapped;
    return <MySeat registration={mine} missed={missed(mine)} swapped={swapped} arrived={arrived} />;
  }
  if (guest && isActive(guest.registration) && !(correcting && accepts)) {
    const correct = accepts ? () => correctAddress(true) : undefined;
    return <MyClaim seat={guest} missed={missed(guest.registration)} arrived={arrived} correct={correct} />;
  }
  const unconfirmed = guestsToConfirm(registrations).find(({ cafeId }) => cafeId === cafe.id);
  if (unconfirmed) {
    return (
      <section className="note guest" aria-labelledby="unconfirmed">
        <strong id="unconfirmed">{words.claim.guestTitle}</strong>
        <GuestConfirmation
          registration={unconfirmed}
          onYes={() => {
            hasActed.current = true;
          }}
        />
      </section>
    );
  }
  return (
    <>
      {guest && !correcting && <EndedClaim seat={guest} />}
      {accepts ? (
        <ClaimControls
          cafe={cafe}
          seats={seats}
          clashes={clashesOf(cafe, registrations)}
          instead={correcting ? guest : undefined}
          arrived={arrived}
          onGiven={(registration, typed, swapped) => {
            hasActed.current = true;
            if (typed) storeGuestSeat({ registration, ...typed });
            setCorrecting(false);
            setGiven({ registration, wasFree: seats.free > 0, swapped });
          }}
          keep={() => correctAddress(false)}
        />
      ) : (
        <p className="note">{refusal(words, cafe, open)}</p>
      )}
    </>
  );
}

/** Returns the text that says why no seat can be taken. */
function refusal({ claim }: Words, { state }: Cafe, open: boolean): string {
  if (state === 'cancelled') return claim.cancelled;
  return open ? claim.fullClosed : claim.closed;
}

interface ClaimControlsProps {
  cafe: Cafe;
  seats: CafeSeats;
  clashes: Registration[];
  /** The guest registration whose address is being corrected. */
  instead?: GuestSeat;
  /** Whether the form replaces a button that was pressed on this page. */
  arrived: boolean;
  onGiven: (registration: Registration, typed?: Typed, swapped?: Registration) => void;
  /** Closes the form and keeps `instead`. */
  keep: () => void;
}

function ClaimControls({ cafe, seats, clashes, instead, arrived, onGiven, keep }: ClaimControlsProps) {
  const words = useWords();
  const locale = useContentLocale();
  const me = useMe();
  const client = useQueryClient();
  const [form, setForm] = useState<'open' | 'closed' | undefined>(instead && 'open');
  const [typed, setTyped] = useState<Typed | undefined>(instead);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  const arrival = useArrival(arrived);
  const needsForm = me === null || me?.nameIsFromAddress === true;
  useEffect(() => {
    // If this fails for lack of a network, the forms are loaded when the button is pressed.
    if (needsForm) forms().catch(() => {});
  }, [needsForm]);

  async function send(give: () => Promise<Registration>, by?: Typed, swapped?: Registration) {
    setSending(true);
    setError(undefined);
    setTyped(by);
    try {
      onGiven(await give(), by, swapped);
      await client.invalidateQueries({ queryKey: ['registrations'] });
    } catch (thrown) {
      // A person has signed in in this browser since the form was opened. A claim with a session is sent without name and address.
      const isRefused = thrown instanceof ApiProblem && thrown.code === 'invalid-request';
      const person = by && isRefused ? await signedInSince() : undefined;
      if (!person) setError(thrown);
      else if (by && isSameAddress(person.email, by.email)) await claim({});
    } finally {
      setSending(false);
    }
  }
  async function signedInSince(): Promise<Me | undefined> {
    await showSession(client).catch(() => {});
    return client.getQueryData<Me | null>(['me']) ?? undefined;
  }
  const claimAs = (name: string) =>
    send(async () => {
      client.setQueryData(['me'], await call('PATCH /me', { body: { name } }));
      return call('POST /cafes/{id}/registrations', { id: cafe.id, body: {} });
    });
  const claim = (body: CallRequest<'POST /cafes/{id}/registrations'>['body'], by?: Typed) =>
    send(() => call('POST /cafes/{id}/registrations', { id: cafe.id, body }), by);
  const swap = (swapped: Registration) =>
    send(
      () => call('POST /registrations/{id}/swap', { id: swapped.id, body: { cafeId: cafe.id } }),
      undefined,
      swapped,
    );

  const isFree = seats.free > 0;
  const [clash] = clashes;
  const swappable = isFree && clashes.length === 1 && clash && canSwap(clash) ? clash : undefined;
  const blocked = clashes.length > 1 || (clash !== undefined && isFree && !swappable);
  const label = isFree ? words.claim.take : words.claim.join;
  const code = error instanceof ApiProblem ? error.code : undefined;
  const isFormOpen = needsForm && form === 'open';
  return (
    <div className="claim" ref={arrival} tabIndex={-1}>
      <ClashNote clashes={clashes} isFree={isFree} blocked={blocked} />
      {isFormOpen ? (
        <Suspense>
          {instead && <FirstSeat {...instead} />}
          {me ? (
            <NameForm error={error} label={label} sending={sending} send={(name) => void claimAs(name)} />
          ) : (
            <GuestForm
              error={error}
              before={typed}
              label={label}
              sending={sending}
              send={(by) => void claim({ ...by, locale }, by)}
              close={() => (instead ? keep() : setForm('closed'))}
            />
          )}
        </Suspense>
      ) : swappable ? (
        <SendButton sending={sending} press={() => void swap(swappable)}>
          {words.claim.swap}
        </SendButton>
      ) : (
        !blocked && (
          <SendButton
            ref={form ? takeFocus : undefined}
            sending={sending}
            press={() => (needsForm ? setForm('open') : void claim({}))}
          >
            {label}
          </SendButton>
        )
      )}
      {me && !clash && !needsForm && <p className="hint">{words.claim.signedInAs(me.name)}</p>}
      {code === 'schedule-clash' ? (
        <ClashProblem error={error as ApiProblem} eventId={cafe.eventId} />
      ) : (
        <ProblemNote error={isFormOpen ? undefined : error}>
          {code === 'not-signed-in' && <Link href={`/sign-in?next=/cafes/${cafe.id}`}>{words.nav.signIn}</Link>}
        </ProblemNote>
      )}
    </div>
  );
}
