import fc from 'fast-check';
import type { ModelCafe, ModelState } from '../../libs/seats/src/model/index.ts';
import * as model from '../../libs/seats/src/model/index.ts';

/** A command on `world` below. A number identifies a person, a Café or a room by its index in `world`. */
export type Command =
  | {
      what:
        | 'claim'
        | 'claim-as-guest'
        | 'cancel'
        | 'cancel-guest'
        | 'accept'
        | 'decline'
        | 'check-in'
        | 'undo'
        | 'walk-in';
      cafe: number;
      person: number;
    }
  | { what: 'batch' | 'batch-of-guests'; claims: { cafe: number; person: number }[] }
  | { what: 'prove'; person: number; cafes: number[] }
  | { what: 'expire' }
  | { what: 'advance'; minutes: number }
  | { what: 'swap'; cafe: number; to: number; person: number }
  | { what: 'together'; cafe: number; people: number[]; mode: 'all' | 'each' }
  | { what: 'no-shows'; cafe: number; people: number[] }
  | { what: 'undo-pending'; cafe: number; of: 'no-show' | 'closing' }
  | { what: 'apply' }
  | {
      what: 'change';
      cafe: number;
      capacity?: number;
      asTarget?: boolean;
      state?: ModelCafe['state'];
      waitlistOpen?: boolean;
      undoable?: boolean;
    }
  | {
      what: 'move';
      cafe: number;
      room: number;
      startsAt: number;
      minutes: number;
      capacity: number;
      clashes?: 'swap' | 'keep' | 'cancel';
      cancelExcess: boolean;
    };

/** The start time of the clock. All times of the model are in minutes after it. */
export const BEGINNING = '2031-03-03T06:00:00Z';
const HOLD_MINUTES = 30;

/**
 * Five Cafés in two rooms; the first room is too small for its three Cafés together. The last four people are not proved. Three of them and
 * the last proved person read the same mailbox. `strangers`: the Cafés into which people without an address walk, one person each.
 */
export const world = {
  rooms: [4, 10],
  cafes: [
    { room: 0, startsAt: 300, minutes: 45, capacity: 2 },
    { room: 0, startsAt: 300, minutes: 45, capacity: 3 },
    { room: 0, startsAt: 330, minutes: 45, capacity: 2 },
    { room: 1, startsAt: 300, minutes: 60, capacity: 1 },
    { room: 1, startsAt: 420, minutes: 45, capacity: 2 },
  ],
  people: [
    { proved: true, email: 'ada@example.org' },
    { proved: true, email: 'grace@example.org' },
    { proved: true, email: 'edsger@example.org' },
    { proved: true, email: 'barbara@example.org' },
    { proved: true, email: 'j.doe@example.org' },
    { proved: false, email: 'jdoe@example.org' },
    { proved: false, email: 'jdoe+a@example.org' },
    { proved: false, email: 'jd.oe+b.c@example.org' },
    { proved: false, email: 'alan@example.org' },
  ],
  strangers: [0, 0, 2, 3],
};

const id = (place: number) => String(place);

export function beginning(): ModelState {
  const state: ModelState = {
    now: 0,
    holdMinutes: HOLD_MINUTES,
    rooms: world.rooms.map((capacity, place) => ({ id: id(place), capacity })),
    cafes: world.cafes.map(({ room, startsAt, minutes, capacity }, place) => ({
      id: id(place),
      roomId: id(room),
      startsAt,
      endsAt: startsAt + minutes,
      capacity,
      state: 'open',
      waitlistOpen: true,
      pooled: false,
      lastNumber: 0,
    })),
    people: [
      ...world.people.map(({ proved, email }, place) => ({
        id: id(place),
        proved,
        mailbox: email.replace(/^[^@]*/, (local) => local.replace(/\+.*/, '').replaceAll('.', '')),
      })),
      ...world.strangers.map((_, place) => {
        const number = world.people.length + place;
        return { id: id(number), proved: false, mailbox: '', noAddress: true };
      }),
    ],
    unprovedSharePercent: 50,
    registrations: [],
    pending: [],
  };
  model.findPooled(
    state,
    state.rooms.map((room) => room.id),
  );
  return state;
}

/** The model's answers to a batch of claims; null for other commands. */
export function answersByModel(state: ModelState, command: Command): string[] | null {
  return command.what === 'batch' || command.what === 'batch-of-guests' ? batchByModel(state, command).answers : null;
}

/**
 * Decides a batch with the model, one claim after the other; claims of guests are sorted by Café. A claim of a person with a guest
 * registration in the Café gets the outcome `guest-registration` and changes nothing: the caller confirms that registration after the batch.
 */
function batchByModel(state: ModelState, { what, claims }: Extract<Command, { what: 'batch' | 'batch-of-guests' }>) {
  const inOrder = claims.map((claim, place) => ({ ...claim, place }));
  if (what === 'batch-of-guests') inOrder.sort((one, other) => one.cafe - other.cafe || one.place - other.place);
  const answers: string[] = [];
  let after = state;
  for (const { cafe, person, place } of inOrder) {
    const claimed = what === 'batch' ? model.claim : model.claimAsGuest;
    const decided = claimed(after, id(cafe), id(person));
    answers[place] = decided.outcome;
    if (decided.outcome !== 'guest-registration') after = decided.state;
  }
  return { after, answers };
}

/** The model's state after a command. */
export function decideByModel(state: ModelState, command: Command): ModelState {
  switch (command.what) {
    case 'batch':
    case 'batch-of-guests':
      return batchByModel(state, command).after;
    case 'advance':
      return { ...state, now: state.now + command.minutes };
    case 'expire':
      return model.expire(state).state;
    case 'prove':
      return model.prove(state, id(command.person), command.cafes.map(id)).state;
    case 'together':
      return model.claimTogether(state, id(command.cafe), command.people.map(id), command.mode).state;
    case 'no-shows':
      return model.releaseNoShows(state, id(command.cafe), command.people.map(id)).state;
    case 'undo-pending':
      return model.undo(state, id(command.cafe), command.of).state;
    case 'apply':
      return model.applyDue(state).state;
    case 'change': {
      const { what: _, cafe, ...change } = command;
      return model.changeCafe(state, id(cafe), change).state;
    }
    case 'move': {
      const { cafe, room, startsAt, minutes, capacity, clashes, cancelExcess } = command;
      const move = { roomId: id(room), startsAt, endsAt: startsAt + minutes, capacity, clashes, cancelExcess };
      return model.moveCafe(state, id(cafe), move).state;
    }
    case 'swap':
      return model.swap(state, id(command.cafe), id(command.to), id(command.person)).state;
    default:
      return decideByPerson(state, command.what, id(command.cafe), id(command.person));
  }
}

function decideByPerson(state: ModelState, what: string, cafeId: string, personId: string): ModelState {
  switch (what) {
    case 'claim':
      return model.claim(state, cafeId, personId).state;
    case 'claim-as-guest':
      return model.claimAsGuest(state, cafeId, personId).state;
    case 'cancel':
    case 'cancel-guest':
      return model.cancel(state, cafeId, personId, what === 'cancel-guest').state;
    case 'decline':
      return model.activeIn(state, cafeId, personId)?.status === 'offered'
        ? model.cancel(state, cafeId, personId).state
        : state;
    case 'accept':
      return model.accept(state, cafeId, personId).state;
    case 'walk-in':
      return model.walkIn(state, cafeId, personId).state;
    default:
      return model.checkIn(state, cafeId, personId, what === 'check-in').state;
  }
}

/**
 * The part of a state in which tests compare the model with the SQL: for each Café its counts, its registrations, its waitlist in order, and
 * its pending changes.
 */
export function snapshot(state: ModelState) {
  return state.cafes.map((cafe) => ({
    cafe: [
      cafe.capacity,
      cafe.target ?? null,
      cafe.state,
      cafe.waitlistOpen,
      model.takenIn(state, cafe.id),
      model.waitlistOf(state, cafe.id).length,
      state.registrations.filter(({ cafeId, present }) => cafeId === cafe.id && present).length,
      cafe.lastNumber,
      Number(cafe.roomId),
      cafe.startsAt,
      cafe.endsAt,
      model.unprovedIn(state, cafe.id),
    ],
    people: state.people.flatMap((person, place) =>
      [model.activeIn(state, cafe.id, person.id), model.guestIn(state, cafe.id, person.id)].flatMap((registration) => {
        if (!registration) return [];
        const position = model.waitlistOf(state, cafe.id).indexOf(registration) + 1;
        const { status, guest, expiresAt = null, proveBy = null, present, overlapping } = registration;
        return [[place, status, guest, position || null, expiresAt, proveBy, present, overlapping]];
      }),
    ),
    pending: state.pending
      .filter(({ cafeId }) => cafeId === cafe.id)
      .map(({ cause, personIds, coversEarlier = false, appliesAt }) => [
        cause,
        personIds.map(Number),
        coversEarlier,
        Math.floor(appliesAt),
      ]),
  }));
}

const cafe = fc.nat({ max: world.cafes.length - 1 });
const person = fc.nat({ max: world.people.length - 1 });
/** A person without an address, at the door of their Café. */
const stranger = fc.nat({ max: world.strangers.length - 1 }).map((place) => ({
  cafe: world.strangers[place] as number,
  person: world.people.length + place,
}));
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Any command; claims and cancellations come most often. */
export const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ what: fc.constant('claim' as const), cafe, person }) },
  { weight: 8, arbitrary: fc.record({ what: fc.constant('claim-as-guest' as const), cafe, person }) },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constantFrom('batch' as const, 'batch-of-guests' as const),
      claims: fc.uniqueArray(fc.record({ cafe, person }), {
        selector: (claim) => claim.person,
        minLength: 2,
        maxLength: 6,
      }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ what: fc.constantFrom('cancel' as const, 'cancel-guest' as const), cafe, person }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constantFrom('accept', 'decline', 'check-in', 'undo', 'walk-in'),
      cafe,
      person,
    }) as fc.Arbitrary<Command>,
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('walk-in' as const, 'walk-in' as const, 'check-in' as const, 'undo' as const), stranger)
      .map(([what, door]) => ({ what, ...door })),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('prove' as const),
      person,
      cafes: fc.uniqueArray(cafe, { maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('expire' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('advance' as const),
      // Usually a few minutes; sometimes enough for Cafés to begin and end.
      minutes: fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: 1, max: 40 }) },
        { weight: 1, arbitrary: fc.integer({ min: 60, max: 180 }) },
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('swap' as const), cafe, to: cafe, person }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('together' as const),
      cafe,
      people: fc.uniqueArray(person, { minLength: 1, maxLength: 3 }),
      mode: fc.constantFrom('all' as const, 'each' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('no-shows' as const),
      cafe,
      people: fc.uniqueArray(person, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('undo-pending' as const),
      cafe,
      of: fc.constantFrom('no-show' as const, 'closing' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('apply' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('change' as const),
      cafe,
      capacity: optional(fc.nat({ max: 4 })),
      asTarget: fc.boolean(),
      state: optional(
        fc.oneof(
          { weight: 8, arbitrary: fc.constant('open' as const) },
          { weight: 1, arbitrary: fc.constantFrom('closed' as const, 'draft' as const, 'cancelled' as const) },
        ),
      ),
      waitlistOpen: optional(fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false))),
      undoable: optional(fc.boolean()),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('move' as const),
      cafe,
      room: fc.nat({ max: world.rooms.length - 1 }),
      startsAt: fc.constantFrom(300, 315, 345, 420),
      minutes: fc.constantFrom(0, 30, 45, 60),
      capacity: fc.integer({ min: 1, max: 4 }),
      clashes: optional(fc.constantFrom('swap' as const, 'keep' as const, 'cancel' as const)),
      cancelExcess: fc.boolean(),
    }),
  },
);

const twoCafes = fc.nat({ max: 1 });
const fewPeople = fc.nat({ max: 4 });

/** Commands while Cafés run: releases of no-shows, undos of these releases, and any other commands. */
const atTheDoor: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ what: fc.constant('claim' as const), cafe: twoCafes, person: fewPeople }) },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('no-shows' as const),
      cafe: twoCafes,
      people: fc.uniqueArray(fewPeople, { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('undo-pending' as const),
      cafe: twoCafes,
      of: fc.constantFrom('no-show' as const, 'closing' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('advance' as const), minutes: fc.integer({ min: 1, max: 2 }) }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('check-in' as const), cafe: twoCafes, person: fewPeople }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('apply' as const) }) },
  { weight: 3, arbitrary: command },
);

/**
 * A history with this number of commands. One history in three begins ten minutes after the start of three of the Cafés.
 * @param often the kinds of most commands in the history, so that a test finds a rare error sooner
 */
export function historyOf(commands: number, often?: Command['what'][]): fc.Arbitrary<Command[]> {
  const mostly = (any: fc.Arbitrary<Command>): fc.Arbitrary<Command> =>
    often
      ? fc.oneof(
          { weight: 5, arbitrary: any.filter(({ what }) => often.includes(what)) },
          { weight: 1, arbitrary: any },
        )
      : any;
  return fc.oneof(
    { weight: 2, arbitrary: fc.array(mostly(command), { minLength: commands, maxLength: commands }) },
    {
      weight: 1,
      arbitrary: fc
        .array(mostly(atTheDoor), { minLength: commands - 1, maxLength: commands - 1 })
        .map((rest): Command[] => [{ what: 'advance', minutes: 310 }, ...rest]),
    },
  );
}

/**
 * Functions for the databases of tests. `seats_now` reads a clock that only `advance` moves. `run_history` runs commands one after the
 * other with the product's functions. It returns a snapshot after each command, like `snapshot` for the model, and the answers.
 */
export const historyFunctions = `
create table test_clock (at timestamptz not null);
insert into test_clock values ('${BEGINNING}');
create or replace function seats_now() returns timestamptz language sql stable as $$ select at from test_clock $$;

create function snapshot(p_cafe_ids uuid[], p_person_ids uuid[], p_room_ids uuid[]) returns jsonb language sql as $$
  select jsonb_agg(jsonb_build_object(
    'cafe', jsonb_build_array(
      s.capacity, s.target_capacity, s.state, s.waitlist_open, s.taken, s.waitlisted, s.present, s.last_waitlist_number,
      array_position(p_room_ids, c.room_id) - 1,
      extract(epoch from c.starts_at - '${BEGINNING}')::integer / 60, extract(epoch from c.ends_at - '${BEGINNING}')::integer / 60,
      s.unproved
    ),
    'people', (
      select coalesce(jsonb_agg(jsonb_build_array(
        array_position(p_person_ids, r.attendee_id) - 1, r.status, r.guest,
        case when r.status = 'waitlisted' then waitlist_position(r.cafe_id, r.waitlist_number) end,
        extract(epoch from r.expires_at - '${BEGINNING}')::integer / 60,
        extract(epoch from r.prove_by - '${BEGINNING}')::integer / 60, r.checked_in_at is not null, r.overlapping
      ) order by array_position(p_person_ids, r.attendee_id), r.guest), '[]')
      from registration r where r.cafe_id = c.id and r.status in ('held', 'offered', 'confirmed', 'waitlisted')
    ),
    'pending', (
      select coalesce(jsonb_agg(jsonb_build_array(
        p.cause,
        (
          select coalesce(jsonb_agg(array_position(p_person_ids, r.attendee_id) - 1 order by i.place), '[]')
          from unnest(p.registration_ids) with ordinality as i (id, place) join registration r on r.id = i.id
        ),
        p.covers_earlier,
        floor(extract(epoch from p.applies_at - '${BEGINNING}') / 60)
      ) order by p.id), '[]')
      from pending_change p where p.cafe_id = c.id
    )
  ) order by array_position(p_cafe_ids, c.id))
  from cafe c join cafe_seats s on s.cafe_id = c.id where c.id = any (p_cafe_ids)
$$;

-- Claims seats in a batch. Returns the outcomes in the order of the claims. Raises an exception when a claim does not have one answer, or
-- when an answer differs from the tables.
create function run_batch(p_cafe_ids uuid[], p_attendee_ids uuid[], p_as_guests boolean) returns jsonb language plpgsql as $$
declare
  v_answers jsonb;
begin
  if p_as_guests then
    select jsonb_agg(a) into v_answers
    from (
      select a.place, c.outcome, a.id, a.position, c.status, c.expires_at, c.checked_in_at, c.created_at, c.event_id, c.starts_at, c.ends_at, c.prove_by
      from seats_claim_guests(p_cafe_ids, p_attendee_ids, '${HOLD_MINUTES} minutes') c
      cross join lateral unnest(c.places, c.registration_ids, c.waitlist_positions) as a (place, id, position)
    ) a;
  else
    select jsonb_agg(a) into v_answers
    from (
      select a.place, c.outcome, a.id, a.position, c.status, c.expires_at, c.checked_in_at, c.created_at, c.event_id, c.starts_at, c.ends_at
      from seats_claim(p_cafe_ids, p_attendee_ids) c
      cross join lateral unnest(c.places, c.registration_ids, c.waitlist_positions) as a (place, id, position)
    ) a;
  end if;
  if jsonb_array_length(v_answers) <> cardinality(p_attendee_ids) or exists (
    select from jsonb_to_recordset(v_answers) as a (
      place integer, outcome text, id uuid, position integer, status registration_status, expires_at timestamptz, checked_in_at timestamptz,
      created_at timestamptz, event_id uuid, starts_at timestamptz, ends_at timestamptz, prove_by timestamptz
    )
    left join registration r on r.id = a.id
    left join cafe c on c.id = r.cafe_id
    where a.outcome in ('created', 'existing', 'guest-registration') and (
      r.cafe_id, r.attendee_id, r.status, r.expires_at, r.checked_in_at, r.created_at, c.event_id, c.starts_at, c.ends_at,
      case when r.status = 'waitlisted' then waitlist_position(r.cafe_id, r.waitlist_number) end,
      case when p_as_guests then r.prove_by end, r.guest
    ) is distinct from (
      p_cafe_ids[a.place], p_attendee_ids[a.place], a.status, a.expires_at, a.checked_in_at, a.created_at, a.event_id, a.starts_at, a.ends_at,
      a.position, a.prove_by, p_as_guests or a.outcome = 'guest-registration'
    )
  ) then
    raise exception 'an answer differs from the tables: %', v_answers;
  end if;
  return (select jsonb_agg(a->'outcome' order by (a->>'place')::integer) from jsonb_array_elements(v_answers) a);
end
$$;

-- Claims a seat as the engine does. When the outcome is guest-registration, the caller runs run_take_over in another transaction, which
-- confirms that registration.
create function run_claim(p_cafe_id uuid, p_person_id uuid) returns text language sql as $$
  select c.outcome from seats_claim(array[p_cafe_id], array[p_person_id]) c
$$;

create function run_take_over(p_cafe_id uuid, p_person_id uuid) returns void language sql as $$
  select seats_prove(p_person_id, array[guest_registration_id(p_person_id, p_cafe_id)], false)
$$;

create function run_command(p_command jsonb, p_cafe_ids uuid[], p_person_ids uuid[], p_room_ids uuid[]) returns jsonb language plpgsql as $$
declare
  v_what text := p_command->>'what';
  v_cafe_id uuid := p_cafe_ids[(p_command->>'cafe')::integer + 1];
  v_person_id uuid := p_person_ids[(p_command->>'person')::integer + 1];
  v_hold interval := '${HOLD_MINUTES} minutes';
  v_own registration;
  v_guest_id uuid := guest_registration_id(v_person_id, v_cafe_id);
begin
  select * into v_own from registration r
  where r.cafe_id = v_cafe_id and r.attendee_id = v_person_id and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest;
  case v_what
    when 'claim' then
      -- The engine confirms an existing guest registration of the person.
      if run_claim(v_cafe_id, v_person_id) = 'guest-registration' then
        perform run_take_over(v_cafe_id, v_person_id);
      end if;
    when 'claim-as-guest' then
      perform * from seats_claim_guests(array[v_cafe_id], array[v_person_id], v_hold);
    when 'batch', 'batch-of-guests' then
      return run_batch(
        array(select p_cafe_ids[(c->>'cafe')::integer + 1] from jsonb_array_elements(p_command->'claims') c),
        array(select p_person_ids[(c->>'person')::integer + 1] from jsonb_array_elements(p_command->'claims') c), v_what = 'batch-of-guests'
      );
    when 'together' then
      perform * from seats_claim_together(
        v_cafe_id, array(select p_person_ids[p::integer + 1] from jsonb_array_elements_text(p_command->'people') p),
        (p_command->>'mode')::delegation_mode, p_person_ids[1], v_hold
      );
    when 'cancel' then
      perform * from seats_end(array[v_own.id], 'cancelled', 'attendee', null);
    when 'cancel-guest' then
      perform * from seats_end(array[v_guest_id], 'cancelled', 'attendee', null);
    when 'decline' then
      if v_own.status = 'offered' then
        perform * from seats_end(array[v_own.id], 'cancelled', 'attendee', null);
      end if;
    when 'accept' then perform * from seats_accept(v_own.id, v_person_id);
    when 'swap' then
      perform * from seats_swap(array[v_own.id], p_cafe_ids[(p_command->>'to')::integer + 1], v_person_id);
    when 'check-in' then perform seats_check_in(v_own.id, v_cafe_id, p_person_ids[1]);
    when 'undo' then perform seats_undo_check_in(v_own.id, p_person_ids[1]);
    when 'walk-in' then perform * from seats_walk_in(v_cafe_id, v_person_id, p_person_ids[1]);
    when 'no-shows' then
      -- For a person without a registration in the Café, passes an id that no registration has.
      perform * from seats_release_no_shows(v_cafe_id, array(
        select coalesce(r.id, uuidv7())
        from jsonb_array_elements_text(p_command->'people') with ordinality as p (place, number)
        left join registration r on r.cafe_id = v_cafe_id and r.attendee_id = p_person_ids[p.place::integer + 1] and not r.guest
          and r.status in ('held', 'offered', 'confirmed', 'waitlisted')
        order by p.number
      ), p_person_ids[1]);
    when 'undo-pending' then
      perform * from seats_undo_change(
        v_cafe_id,
        (
          select p.id from pending_change p
          where p.cafe_id = v_cafe_id and (p.cause = 'no-show') = (p_command->>'of' = 'no-show') order by p.id desc limit 1
        ),
        p_command->>'of' = 'closing', p_person_ids[1]
      );
    when 'apply' then perform * from seats_changes_due(100) as d (id) cross join lateral seats_apply_change(d.id);
    when 'expire' then perform * from seats_expire_due(500);
    when 'advance' then update test_clock set at = at + make_interval(mins => (p_command->>'minutes')::integer);
    when 'prove' then
      update attendee set email_proved_at = coalesce(email_proved_at, now()) where id = v_person_id;
      perform * from seats_prove(v_person_id, array(
        select guest_registration_id(v_person_id, p_cafe_ids[c::integer + 1]) from jsonb_array_elements_text(p_command->'cafes') c
      ), true);
    when 'change' then
      perform * from seats_change_cafe(
        v_cafe_id, (p_command->>'capacity')::integer, coalesce((p_command->>'asTarget')::boolean, false),
        (p_command->>'state')::cafe_state, (p_command->>'waitlistOpen')::boolean, p_person_ids[1],
        p_undoable => coalesce((p_command->>'undoable')::boolean, false)
      );
    when 'move' then
      perform * from seats_move_cafe(
        v_cafe_id, p_room_ids[(p_command->>'room')::integer + 1],
        '${BEGINNING}'::timestamptz + make_interval(mins => (p_command->>'startsAt')::integer),
        '${BEGINNING}'::timestamptz + make_interval(mins => (p_command->>'startsAt')::integer + (p_command->>'minutes')::integer),
        (p_command->>'capacity')::integer, p_command->>'clashes', (p_command->>'cancelExcess')::boolean, p_person_ids[1]
      );
  end case;
  return null;
end
$$;

create function run_history(p_commands jsonb, p_cafe_ids uuid[], p_person_ids uuid[], p_room_ids uuid[])
returns table (state jsonb, answers jsonb, differing bigint) language plpgsql as $$
declare
  v_command jsonb;
begin
  for v_command in select * from jsonb_array_elements(p_commands) loop
    answers := run_command(v_command, p_cafe_ids, p_person_ids, p_room_ids);
    state := snapshot(p_cafe_ids, p_person_ids, p_room_ids);
    return next;
  end loop;
  state := null;
  perform outbox_open(1000000);
  -- The number of errors: counts that differ from their recount; registrations that were held, offered or waitlisted and have no message
  -- about it; messages with the wrong event; messages to people without an address.
  differing := (select count(*) from seats_recount()) + (
    select count(*) from seat_ledger l
    where l.what in ('held', 'offered', 'waitlisted') and not exists (select from outbox o where o.registration_id = l.registration_id)
  ) + (
    select count(*) from outbox o
    where (o.registration_id is not null or o.delegation_id is not null) and o.event_id is distinct from (
      select c.event_id from cafe c
      where c.id = coalesce(o.cafe_id, (select r.cafe_id from registration r where r.id = o.registration_id))
    )
  ) + (select count(*) from outbox o join attendee a on a.id = o.attendee_id where a.email is null);
  return next;
end
$$;
`;
