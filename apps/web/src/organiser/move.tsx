import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { CafeMove, CafePlace, Dashboard, DashboardCafe, EventSummary, MovePreview } from '#contract';
import { ApiProblem, call } from '../shared/api.ts';
import { useFormat } from '../shared/format.ts';
import { Field, Form } from '../shared/forms/form.tsx';
import { useSeatsCheck } from '../shared/forms/whole-number.ts';
import { useSending } from '../shared/sending.ts';
import { useWords } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { CapacityProblem } from './changing.tsx';
import { MoveForm } from './move-form.tsx';
import { fieldsOf, isOutside, type PlaceFields, placeIn } from './place.ts';
import { changeSeen, conflictOf, type Seen, seenOf } from './seen.ts';
import { instantOf } from './zoned.ts';

/** The problems that mean that the preview is outdated: a choice is missing, or the numbers changed. */
const PREVIEW_OUTDATED = ['move-clashes', 'capacity-below-taken', 'counts-changed', 'version-changed'];

interface Previewed {
  /** The old and the new values, as a key. */
  placesKey: string;
  preview: MovePreview;
}

/** Moves a Café to another room, time or capacity, in three steps: fields, preview, move. A preview is valid only for the values that were typed for it. */
export function Move({ cafe, rooms, event }: { cafe: DashboardCafe; rooms: Dashboard['rooms']; event: EventSummary }) {
  const { timeZone } = event;
  const words = useWords();
  const { cafe: staff } = useStaffWords();
  const { dated } = useFormat(timeZone);
  const client = useQueryClient();
  const [typed, setTyped] = useState<Partial<PlaceFields>>({});
  // Set by the first typed value, as in CapacityForm.
  const [seen, setSeen] = useState<Seen>();
  const [previewed, setPreviewed] = useState<Previewed>();
  const [moved, setMoved] = useState(false);
  const previewing = useSending();
  const moving = useSending();
  const sending = previewing.sending || moving.sending;
  const fields = fieldsOf(cafe, typed, timeZone);
  const place = placeIn(cafe, fields, timeZone);
  const placesKey = JSON.stringify([cafe.roomId, cafe.startsAt, cafe.endsAt, place]);
  const preview = previewed?.placesKey === placesKey ? previewed.preview : undefined;

  function type(field: Partial<PlaceFields>) {
    setTyped({ ...typed, ...field });
    setSeen((before) => before ?? seenOf(cafe));
    setPreviewed(undefined);
    setMoved(false);
    previewing.reset();
    moving.reset();
  }
  async function readPreview(to: CafePlace) {
    setPreviewed({ placesKey, preview: await call('POST /cafes/{id}/move-preview', { id: cafe.cafeId, body: to }) });
  }
  async function move(to: CafeMove) {
    try {
      const send = (ifMatch: number) => call('POST /cafes/{id}/move', { id: cafe.cafeId, body: to, ifMatch });
      await changeSeen(seen ?? seenOf(cafe), send);
    } catch (thrown) {
      const current = conflictOf(thrown);
      if (current) {
        setSeen(current);
        await client.invalidateQueries({ queryKey: ['cafe', cafe.cafeId] });
      }
      if (place && thrown instanceof ApiProblem && PREVIEW_OUTDATED.includes(thrown.code)) await readPreview(place);
      throw thrown;
    }
    await client.invalidateQueries({ queryKey: ['cafe', cafe.cafeId] });
    setTyped({});
    setSeen(undefined);
    setPreviewed(undefined);
    setMoved(true);
  }
  function submit() {
    moving.reset();
    if (place) void previewing.send(() => readPreview(place));
  }
  return (
    <section>
      <h2>{staff.move}</h2>
      <Form send={submit} className="short-form">
        <PlaceInputs rooms={rooms} timeZone={timeZone} fields={fields} type={type} />
        <div className="actions">
          <button type="submit" disabled={sending || (place && Object.keys(place).length === 0)}>
            {previewing.sending ? words.sending : staff.look}
          </button>
        </div>
      </Form>
      <CapacityProblem error={previewing.error} />
      <div role="status">
        {preview && place && (
          <Change cafe={cafe} rooms={rooms} event={event} place={place} capacity={preview.capacity} />
        )}
        {preview && <p>{staff.would(preview.taken, preview.capacity)}</p>}
        {preview && <p>{preview.clashes.length === 0 ? staff.noClash : staff.clashes(peopleIn(preview))}</p>}
        {moved && <p>{staff.moved(roomName(rooms, cafe.roomId), dated(cafe.startsAt, cafe.endsAt))}</p>}
      </div>
      {preview && place && (
        <MoveForm
          preview={preview}
          people={cafe.seats.taken + cafe.seats.waitlisted}
          sending={sending}
          move={(decisions) => void moving.send(() => move({ ...place, ...decisions, expectTaken: preview.taken }))}
        />
      )}
      <CapacityProblem error={moving.error} places={{ rooms, timeZone }} />
    </section>
  );
}

/** Shows the place and time before and after a move, and a warning if the new time is outside the event. */
function Change(props: {
  cafe: DashboardCafe;
  rooms: Dashboard['rooms'];
  event: EventSummary;
  place: CafePlace;
  capacity: number;
}) {
  const { cafe, rooms, event, place, capacity } = props;
  const { cafe: words } = useStaffWords();
  const { dated, days, span } = useFormat(event.timeZone);
  const to: DashboardCafe = { ...cafe, ...place };
  const isOutsideEvent = isOutside(to, event);
  // Dates have their year here, so that the organiser notices a wrong year.
  const when = ({ startsAt, endsAt }: DashboardCafe) =>
    isOutsideEvent ? `${days(startsAt, endsAt)}, ${span(startsAt, endsAt)}` : dated(startsAt, endsAt);
  const written = (at: DashboardCafe, seats: number) =>
    `${when(at)} · ${words.roomOf(roomName(rooms, at.roomId), seats)}`;
  return (
    <>
      {isOutside(to, event) && <p className="note clash">{words.outside(days(event.startsAt, event.endsAt))}</p>}
      <dl className="change-of">
        <dt>{words.before}</dt>
        <dd>{written(cafe, cafe.seats.capacity)}</dd>
        <dt>{words.after}</dt>
        <dd>{written(to, capacity)}</dd>
      </dl>
    </>
  );
}

/** Returns the number of people in the clashes of a preview. One person may have several overlapping seats. */
function peopleIn({ clashes }: MovePreview): number {
  return new Set(clashes.map(({ registrationId }) => registrationId)).size;
}

function roomName(rooms: Dashboard['rooms'], id: string): string {
  return rooms.find(({ roomId }) => roomId === id)?.name ?? '';
}

function PlaceInputs(props: {
  rooms: Dashboard['rooms'];
  timeZone: string;
  fields: PlaceFields;
  type: (field: Partial<PlaceFields>) => void;
}) {
  const { rooms, timeZone, fields, type } = props;
  const { cafe: words, forms } = useStaffWords();
  const checkSeats = useSeatsCheck({ required: false });
  const id = useId();
  const timeError = (typed: string) => (instantOf(typed, timeZone) ? undefined : words.noSuchTime);
  const time = (name: 'startsAt' | 'endsAt', label: string, hint?: string) => (
    <Field
      type="datetime-local"
      label={label}
      name={name}
      hint={hint}
      error={fields[name] === '' ? undefined : timeError(fields[name])}
      check={(typed) => (typed === '' ? forms.timeMissing : timeError(typed))}
      value={fields[name]}
      onChange={(value) => type({ [name]: value })}
      required
    />
  );
  return (
    <>
      <div className="field">
        <label htmlFor={id}>{words.room}</label>
        <select id={id} value={fields.roomId} onChange={(event) => type({ roomId: event.target.value })}>
          {rooms.map(({ roomId, name, capacity }) => (
            <option key={roomId} value={roomId}>
              {words.roomOf(name, capacity)}
            </option>
          ))}
        </select>
      </div>
      {time('startsAt', words.starts, words.zone(timeZone))}
      {time('endsAt', words.ends)}
      <Field
        label={words.capacityThere}
        hint={words.capacityHint}
        name="capacityThere"
        inputMode="numeric"
        check={checkSeats}
        value={fields.capacity}
        onChange={(capacity) => type({ capacity })}
      />
    </>
  );
}
