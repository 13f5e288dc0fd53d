import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { calendarEntry } from '#calendar';
import { MailKind } from '#contract';
import { createMailComposer, type OutgoingMail, type TypedText } from '#mail';
import { type MailData, type OutboxMail, OverBudget, openDeliveries, type SeatReader } from '#notifications';
import { formatTime } from '#platform';
import type { CafeChanges } from '#seats';
import { qrCodePng } from '#tickets';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';
import type { Identity } from '../../../../test/support/identity.ts';
import { openTestMailData } from '../../../../test/support/mail-data.ts';
import { openOutboxBatches } from '../../../../test/support/outbox.ts';
import { openDesk, type SeatDesk } from '../../../../test/support/seat-desk.ts';

const composer = createMailComposer({ ticketImage: qrCodePng, calendarEntry });
let desk: SeatDesk;
let people: Identity;
let data: MailData<TypedText>;
let seats: SeatReader;

beforeAll(async () => {
  desk = await openDesk();
  ({ data, people, seats } = openTestMailData(desk));
});
afterAll(() => desk.close());

/** Composes a message from the current data. */
async function write(mail: OutboxMail): Promise<OutgoingMail | undefined> {
  const found = await data.read(mail);
  return found && { messageId: mail.messageId, mail: await composer.compose(found.message, found.to) };
}

/** The messages of the outbox to an attendee, oldest first, composed from the current data. */
async function messagesTo(attendeeId: string): Promise<(OutgoingMail | undefined)[]> {
  await openOutboxBatches(desk.database.pool);
  const found = await desk.database.pool.query('select * from outbox where attendee_id = $1 order by id', [attendeeId]);
  return Promise.all(found.rows.map((row) => write(outboxMail(row))));
}

function outboxMail(row: Record<string, unknown>): OutboxMail {
  const id = (column: string) => (row[column] ?? undefined) as string | undefined;
  return {
    outboxId: id('id') ?? '',
    kind: row.kind as OutboxMail['kind'],
    attendeeId: id('attendee_id'),
    registrationId: id('registration_id'),
    challengeId: id('challenge_id'),
    delegationId: id('delegation_id'),
    cafeId: id('cafe_id'),
    eventId: id('event_id'),
    messageId: `${row.id}@comptoir.test`,
    takenAt: new Date(),
    triedSince: row.created_at as Date,
  };
}

function entryOf(content: string | undefined) {
  const calendar = new ICAL.Component(ICAL.parse(content ?? ''));
  const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent') as ICAL.Component);
  return { method: calendar.getFirstPropertyValue('method'), uid: event.uid, sequence: event.sequence };
}

/** The calendar entries of messages, in their order. */
const entriesOf = (messages: (OutgoingMail | undefined)[]) =>
  messages.flatMap((message) => (message?.mail.calendar ? [entryOf(message.mail.calendar.content)] : []));

async function cafes(...seats: number[]) {
  return buildEvent(
    desk.database.pool,
    seats.map((count, place) => ({ seats: count, startsAfterMinutes: place * 60 })),
  );
}

const person = async () => (await buildPeople(desk.database.pool, 1))[0] as string;

const prove = (attendeeId: string) =>
  desk.database.pool.query('update attendee set email_proved_at = now() where id = $1', [attendeeId]);

async function move(cafeId: string, minutes: number, change: Partial<Parameters<CafeChanges['moveCafe']>[1]> = {}) {
  const { rows } = await desk.database.pool.query(
    `select room_id as "roomId", starts_at + make_interval(mins => $2) as "startsAt", ends_at + make_interval(mins => $2) as "endsAt",
       capacity from cafe join cafe_seats on cafe_id = id where id = $1`,
    [cafeId, minutes],
  );
  const { roomId, startsAt, endsAt, capacity } = rows[0];
  const to = {
    roomId,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    capacity,
    excess: 'refuse' as const,
  };
  await desk.seats.cafes.moveCafe(cafeId, { ...to, ...change }, await person());
}

describe('the reason of a change', () => {
  const reason = 'La <b>salle</b> est prise.';

  it('stands in the messages about a move and a cancellation, and not in those about what the person did', async () => {
    const { cafeIds } = await cafes(2, 2);
    const [moved = '', cancelled = ''] = cafeIds;
    const [lea, ada] = [await person(), await person()];
    for (const cafeId of [moved, cancelled]) await desk.claimInTurn(cafeId, [lea]);
    await desk.claimInTurn(moved, [ada]);
    await move(moved, 180, { reason });
    await desk.seats.cafes.changeCafe(cancelled, { state: 'cancelled', reason });
    await desk.seats.registrations.cancel(await desk.registrationIn(moved, ada), ada);
    const texts = async (attendeeId: string) =>
      (await messagesTo(attendeeId)).flatMap((message) => (message ? [[message.mail.text, message.mail.html]] : []));
    const withReason = (await texts(lea)).filter(([text]) => text?.includes(reason));
    expect(withReason).toHaveLength(2);
    for (const [, html] of withReason) expect(html).toContain('La &lt;b&gt;salle&lt;/b&gt; est prise.');
    expect((await texts(ada)).filter(([text]) => text?.includes(reason))).toEqual([]);
  });
});

describe('a message about a move', () => {
  /** Records the messages to an attendee as sent, as a worker does. */
  async function send(attendeeId: string): Promise<void> {
    const { pool } = desk.database;
    await openOutboxBatches(pool);
    const worker = openDeliveries({ database: desk.database, domain: 'comptoir.test', worker: 1 });
    const owed = await pool.query('select id from outbox where attendee_id = $1 and done_at is null', [attendeeId]);
    for (const { id } of owed.rows) {
      await worker.take(id);
      await worker.sent(id);
    }
  }
  const startOf = async (cafeId: string): Promise<string> => {
    const { rows } = await desk.database.pool.query('select starts_at from cafe where id = $1', [cafeId]);
    return formatTime(rows[0].starts_at.toISOString(), 'Europe/Paris', 'fr');
  };
  const before = (text = '') => /Auparavant\s: [^,]*, ([^–]*)\s–/.exec(text)?.[1]?.trim();

  it('that was made twice before the message was written is one, with the place of now and the one that its person knew', async () => {
    const { cafeIds } = await cafes(2);
    const [cafeId = ''] = cafeIds;
    const lea = await person();
    await desk.claimInTurn(cafeId, [lea]);
    const first = await startOf(cafeId);
    await send(lea);
    await move(cafeId, 30);
    await move(cafeId, 30);
    const [, ...moved] = await messagesTo(lea);
    expect(moved.map((message) => before(message?.mail.text))).toEqual([undefined, first]);
    expect(moved[0]).toBeUndefined();
    expect(moved[1]?.mail.text).toContain(`${await startOf(cafeId)}\u00a0– `);
    expect(moved[1]?.mail.calendar?.method).toBe('REQUEST');
  });

  it('names the place of the message before, where that was sent', async () => {
    const { cafeIds } = await cafes(2);
    const [cafeId = ''] = cafeIds;
    const lea = await person();
    await desk.claimInTurn(cafeId, [lea]);
    await move(cafeId, 30);
    const second = await startOf(cafeId);
    await send(lea);
    await move(cafeId, 30);
    expect(before((await messagesTo(lea)).at(-1)?.mail.text)).toBe(second);
  });

  it('and back names no place before, and a move that offers a swap needs no message but that', async () => {
    const { cafeIds } = await cafes(2, 2);
    const [cafeId = '', other = ''] = cafeIds;
    const lea = await person();
    await desk.claimInTurn(cafeId, [lea]);
    await move(cafeId, 15);
    await move(cafeId, -15);
    const back = (await messagesTo(lea)).at(-1);
    expect([back?.mail.subject, before(back?.mail.text)]).toEqual([expect.stringContaining('Changement'), undefined]);
    await desk.claimInTurn(other, [lea]);
    await send(lea);
    await move(cafeId, 15);
    await move(cafeId, 45, { clashes: 'swap' });
    const [moved, offer] = (await messagesTo(lea)).slice(-2);
    expect([moved, offer?.mail.subject]).toEqual([undefined, expect.stringContaining('Une place vous attend')]);
  });
});

describe('the calendar entry of a seat', () => {
  it('has a higher sequence with each change: confirmed, moved, cancelled', async () => {
    const { cafeIds } = await cafes(2);
    const [cafeId = ''] = cafeIds;
    const lea = await person();
    await desk.claimInTurn(cafeId, [lea]);
    const [confirmed] = await messagesTo(lea);
    await move(cafeId, 30);
    const moved = (await messagesTo(lea)).at(-1);
    expect(moved?.mail.text).toContain('Auparavant');
    const registrationId = await desk.registrationIn(cafeId, lea);
    await desk.seats.registrations.cancel(registrationId, lea);
    const cancelled = (await messagesTo(lea)).at(-1);
    const sent = [confirmed, moved, cancelled].map((outgoing) => entryOf(outgoing?.mail.calendar?.content));
    expect(sent.map(({ method }) => method)).toEqual(['REQUEST', 'REQUEST', 'CANCEL']);
    expect(new Set(sent.map(({ uid }) => uid))).toEqual(new Set([`${registrationId}@comptoir`]));
    const sequences = sent.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((one, other) => one - other));
  });

  it('is in only one message if the seat was given back before the confirmation was written', async () => {
    const { cafeIds } = await cafes(2);
    const lea = await person();
    await desk.claimInTurn(cafeIds[0] as string, [lea]);
    await desk.seats.registrations.cancel(await desk.registrationIn(cafeIds[0] as string, lea), lea);
    const [confirmed, cancelled] = await messagesTo(lea);
    expect([confirmed, cancelled?.mail.calendar?.method]).toEqual([undefined, 'CANCEL']);
  });

  it('is cancelled by a separate message for the seat that a swap gave back, and for no other', async () => {
    const { cafeIds } = await cafes(2, 2, 2);
    const [from = '', to = '', kept = ''] = cafeIds;
    const lea = await person();
    await desk.claimInTurn(from, [lea]);
    await desk.claimInTurn(kept, [lea]);
    const left = await desk.registrationIn(from, lea);
    await desk.seats.registrations.swap(left, to, lea);
    const messages = (await messagesTo(lea)).filter((message) => message !== undefined);
    const entries = entriesOf(messages);
    const of = (registrationId: string) => ({ uid: `${registrationId}@comptoir` });
    expect(entries.filter(({ method }) => method === 'CANCEL')).toEqual([expect.objectContaining(of(left))]);
    // The confirmation of the seat that was given back is no longer sent.
    expect(entries.filter(({ method }) => method === 'REQUEST')).toEqual([
      expect.objectContaining(of(await desk.registrationIn(kept, lea))),
      expect.objectContaining(of(await desk.registrationIn(to, lea))),
    ]);
    expect(messages.find(({ mail }) => mail.calendar?.method === 'CANCEL')?.mail.text).toMatch(
      /contre une place à «\sCafé/,
    );
    expect(messages.at(-1)?.mail.text).not.toContain('/events/undefined');
  });

  it('is cancelled for each seat that an accepted offer gave back', async () => {
    const { cafeIds } = await cafes(2, 2);
    const [moved = '', other = ''] = cafeIds;
    const lea = await person();
    await desk.claimInTurn(moved, [lea]);
    await desk.claimInTurn(other, [lea]);
    await move(moved, 60, { clashes: 'swap' });
    const [offer, seat] = [await desk.registrationIn(moved, lea), await desk.registrationIn(other, lea)];
    await desk.seats.registrations.accept(offer, lea);
    const entries = entriesOf(await messagesTo(lea));
    const last = (registrationId: string) => entries.filter(({ uid }) => uid === `${registrationId}@comptoir`).at(-1);
    expect([last(seat)?.method, last(offer)?.method]).toEqual(['CANCEL', 'REQUEST']);
  });

  it.each(['declined', 'expired'] as const)(
    'is cancelled if a move made it an offer, and the offer was %s before its message was written',
    async (how) => {
      const { cafeIds } = await cafes(2, 2);
      const [moved = '', other = ''] = cafeIds;
      const lea = await person();
      await desk.claimInTurn(moved, [lea]);
      await desk.claimInTurn(other, [lea]);
      await move(moved, 60, { clashes: 'swap' });
      const offer = await desk.registrationIn(moved, lea);
      if (how === 'declined') await desk.seats.registrations.decline(offer, lea);
      else {
        await desk.database.pool.query(`update registration set expires_at = now() - interval '1 s' where id = $1`, [
          offer,
        ]);
        await desk.seats.registrations.expireDue();
      }
      const entries = entriesOf(await messagesTo(lea));
      expect(entries.filter(({ uid }) => uid === `${offer}@comptoir`).map(({ method }) => method)).toEqual(['CANCEL']);
    },
  );

  it('is cancelled when a move turns the seat into an offer, and added again when the offer is accepted', async () => {
    const { cafeIds } = await cafes(2, 2);
    const [moved = '', other = ''] = cafeIds;
    const lea = await person();
    await desk.claimInTurn(moved, [lea]);
    await desk.claimInTurn(other, [lea]);
    await move(moved, 60, { clashes: 'swap' });
    const sent = (await messagesTo(lea)).at(-1);
    expect(sent?.mail.text).toMatch(/déjà une place\s: .*Café\s2 \(/);
    expect(sent?.mail.text).toContain('Auparavant');
    const offered = entryOf(sent?.mail.calendar?.content);
    const registrationId = await desk.registrationIn(moved, lea);
    await desk.seats.registrations.accept(registrationId, lea);
    const swapped = entryOf((await messagesTo(lea)).at(-1)?.mail.calendar?.content);
    expect([offered.method, swapped.method]).toEqual(['CANCEL', 'REQUEST']);
    expect([offered.uid, swapped.uid]).toEqual(Array(2).fill(`${registrationId}@comptoir`));
    expect(swapped.sequence).toBeGreaterThan(offered.sequence);
  });

  it('is not sent to a person who was only on the waitlist', async () => {
    const { cafeIds } = await cafes(1);
    const [lea, samir] = [await person(), await person()];
    await desk.claimInTurn(cafeIds[0] as string, [lea, samir]);
    await desk.seats.cafes.changeCafe(cafeIds[0] as string, { state: 'cancelled' });
    const [seated, waiting] = [(await messagesTo(lea)).at(-1), (await messagesTo(samir)).at(-1)];
    expect([seated?.mail.calendar?.method, waiting?.mail.calendar]).toEqual(['CANCEL', undefined]);
    for (const sent of [seated, waiting]) expect(sent?.mail.text).toContain('Ce Café n’aura pas lieu');
  });
});

describe('a message to an erased attendee', () => {
  it('removes their seat from the calendar once, and leaves no data', async () => {
    const { pool } = desk.database;
    const { cafeIds } = await cafes(1, 1);
    const [lea, samir] = [await person(), await person()];
    await desk.claimInTurn(cafeIds[0] as string, [lea]);
    await desk.claimInTurn(cafeIds[1] as string, [samir, lea]);
    await openOutboxBatches(pool);
    const registrationId = await desk.registrationIn(cafeIds[0] as string, lea);
    const { email } = (await pool.query('select email from attendee where id = $1', [lea])).rows[0];
    for (const cafeId of cafeIds) await desk.seats.registrations.cancel(await desk.registrationIn(cafeId, lea), lea);
    expect(await people.erasure.erase(lea)).toBe(true);
    const messages = (await messagesTo(lea)).filter((message) => message !== undefined);
    expect(messages.map(({ mail }) => [mail.to.address, entryOf(mail.calendar?.content)])).toEqual([
      [email, expect.objectContaining({ method: 'CANCEL', uid: `${registrationId}@comptoir` })],
    ]);
    expect(messages[0]?.mail.text).toMatch(/Vos données sont effacées[\s\S]*retire le rendez-vous de votre agenda/);
    const worker = openDeliveries({ database: desk.database, domain: 'comptoir.test', worker: 1 });
    const enqueued = await pool.query(
      `select id, registration_id from outbox where attendee_id = $1 and kind = 'cancelled'`,
      [lea],
    );
    for (const { id, registration_id } of enqueued.rows) {
      await worker.take(id);
      await (registration_id === registrationId ? worker.sent(id) : worker.overtaken(id));
    }
    const left = await pool.query(
      `select (select count(*) from mail_recipient)::integer as recipients,
         (select count(*) from outbox where registration_id = $1 and kind = 'cancelled')::integer as messages,
         (select count(*) from email_delivery where outbox_id = any ($2))::integer as deliveries`,
      [registrationId, enqueued.rows.map(({ id }) => id)],
    );
    expect(left.rows).toEqual([{ recipients: 0, messages: 0, deliveries: 0 }]);
  });
});

describe('replies to messages', () => {
  it('are sent to the address of the event if it has one', async () => {
    const { cafeIds, eventId } = await cafes(2);
    const lea = await person();
    await desk.claimInTurn(cafeIds[0] as string, [lea]);
    expect((await messagesTo(lea)).at(-1)?.mail.replyTo).toBeUndefined();
    await desk.database.pool.query(`update event set reply_to = 'accueil@example.org' where id = $1`, [eventId]);
    for (const kind of ['confirmed', 'reminder-day-before', 'thanks'] as const) {
      const registrationId = await desk.registrationIn(cafeIds[0] as string, lea);
      const about = { id: registrationId, kind, attendee_id: lea, registration_id: registrationId, event_id: eventId };
      expect([kind, (await write(outboxMail(about)))?.mail.replyTo]).toEqual([kind, 'accueil@example.org']);
    }
  });
});

describe('a seat that the organisers ended', () => {
  it('has a message with the reason: another seat at that time, or too few seats', async () => {
    const { cafeIds } = await cafes(2, 2);
    const [moved = '', other = ''] = cafeIds;
    const [lea, samir, first] = [await person(), await person(), await person()];
    await desk.claimInTurn(moved, [first, lea]);
    await desk.claimInTurn(other, [lea]);
    await move(moved, 60, { clashes: 'cancel' });
    expect((await messagesTo(lea)).at(-1)?.mail.text).toMatch(/en même temps qu’une autre de vos places\s: Café\s2/);
    await desk.claimInTurn(moved, [samir]);
    await move(moved, 0, { capacity: 1, excess: 'cancel' });
    const lost = (await messagesTo(samir)).at(-1);
    expect(lost?.mail.subject).toContain('Votre place n’a pas pu être gardée');
    expect(lost?.mail.calendar?.method).toBe('CANCEL');
  });
});

describe('hosts and delegates', () => {
  it('get the list of a Café: the expected people, in the order of the attendance page, and the number of waitlisted people', async () => {
    const { cafeIds, eventId, roomIds } = await cafes(2);
    const [cafeId = ''] = cafeIds;
    const named = (name: string, email: string) =>
      people.attendees.upsertByEmail({ name, email, organisation: 'Ville d’Orvault' });
    const [zoe, abel, late] = [
      await named('Zoé', 'zoe@example.org'),
      await named('Abel', 'abel@example.org'),
      await named('Late', 'late@example.org'),
    ];
    await desk.claimInTurn(cafeId, [zoe, abel, late]);
    await prove(zoe);
    const host = await person();
    await people.roles.grant(host, { role: 'host', eventId, roomId: roomIds[0] as string });
    const list = await write(outboxMail({ id: cafeId, kind: 'host-list', attendee_id: host, cafe_id: cafeId }));
    expect(list?.mail.text).toMatch(/2\spersonnes pour\s2\splaces\. 1\spersonne en attente\./);
    expect(list?.mail.text).toMatch(
      /- Abel \(Ville d’Orvault · adresse non confirmée\)\n- Zoé \(Ville d’Orvault\)\n\n/,
    );
    expect(list?.mail.text).not.toContain('Late');
  });

  it('get the result of each person of their delegation', async () => {
    const { cafeIds } = await cafes(1);
    const [by, one, two] = [await person(), await person(), await person()];
    await desk.seats.claims.claimTogether({ cafeId: cafeIds[0] as string, attendeeIds: [one, two], mode: 'each', by });
    const summary = (await messagesTo(by)).at(-1);
    expect(summary?.mail.text).toMatch(/ \(place confirmée\)\n.+ \(en attente, position\s1\)/);
  });

  it('of a group that waits together get that information, as its people do, and no message calls the Café full', async () => {
    const { cafeIds } = await cafes(2);
    const [by, one, two, three] = [await person(), await person(), await person(), await person()];
    for (const each of [one, two, three]) await prove(each);
    const attendeeIds = [one, two, three];
    await desk.seats.claims.claimTogether({ cafeId: cafeIds[0] as string, attendeeIds, mode: 'all', by });
    const [summary, waiting] = [(await messagesTo(by)).at(-1), (await messagesTo(two)).at(-1)];
    expect(summary?.mail.text).toMatch(/il attend\s3\splaces ensemble/);
    expect(waiting?.mail.subject).toContain('En liste d’attente');
    expect(waiting?.mail.text).toMatch(/Votre groupe attend\s3\splaces ensemble/);
    for (const message of [summary, waiting]) expect(message?.mail.text).not.toMatch(/complet/);
    // A person who was only waitlisted gets no message about a seat.
    await desk.seats.registrations.cancel(await desk.registrationIn(cafeIds[0] as string, two), two);
    const left = (await messagesTo(two)).at(-1);
    expect(left?.mail.subject).toMatch(/^Attente annulée/);
    expect([left?.mail.calendar, left?.mail.text.includes('plus de place ici')]).toEqual([undefined, false]);
  });

  it('see the addresses that they typed, and not the names of the people', async () => {
    const { cafeIds } = await cafes(2);
    const by = await people.attendees.upsertByEmail({ name: 'Awa la cheffe', email: 'awa@example.org' });
    await prove(by);
    await people.signInMails.createOperatorLink('p9@example.org', { ttlHours: 1, name: 'Nguyễn Thị Minh Khai' });
    const p9 = await people.attendees.upsertByEmail({ name: 'p9', email: 'p9@example.org' });
    await desk.seats.claims.claimTogether({ cafeId: cafeIds[0] as string, attendeeIds: [p9, by], mode: 'each', by });
    const summary = (await messagesTo(by)).find((sent) => sent?.mail.text.includes('Votre groupe'));
    expect(summary?.mail.text).toContain('- p9@example.org (place confirmée)');
    expect(summary?.mail.text).not.toContain('Nguyễn');
    // The attendee whom the delegate named sees who registered them. The delegate does not see the attendee's own name.
    expect((await messagesTo(p9)).at(-1)?.mail.text).toContain(
      'Bonjour Nguyễn Thị Minh Khai, awa@example.org a pris une place pour vous',
    );
    const own = (await messagesTo(by)).find((sent) => sent?.mail.calendar);
    expect(own?.mail.text).not.toContain('pour vous dans ce Café');
  });
});

describe('thanks', () => {
  it('name the Cafés in which the person was present, and the data that is kept', async () => {
    const { cafeIds, eventId } = await cafes(2, 2);
    const lea = await person();
    for (const cafeId of cafeIds) await desk.claimInTurn(cafeId, [lea]);
    const registrationId = await desk.registrationIn(cafeIds[1] as string, lea);
    await desk.seats.checkIns.checkIn({ registrationId, cafeId: cafeIds[1] as string, by: lea });
    const message = await write(outboxMail({ id: eventId, kind: 'thanks', attendee_id: lea, event_id: eventId }));
    expect(message?.mail.text).toMatch(/2\sinscriptions et leur historique/);
    expect(message?.mail.text).toMatch(/Votre Café\s:\n- Café\s2/);
    expect(message?.mail.text).not.toMatch(/- Café\s1/);
    // The page where a person exports or deletes their data.
    expect(message?.mail.text).toMatch(/\/me\/settings$/m);
  });
});

describe('a message about one seat', () => {
  it('contains the key of its page and the code for another device while the key is valid', async () => {
    const { cafeIds } = await cafes(2);
    const lea = await person();
    await desk.claimInTurn(cafeIds[0] as string, [lea]);
    const registrationId = await desk.registrationIn(cafeIds[0] as string, lea);
    const text = (await messagesTo(lea)).at(-1)?.mail.text ?? '';
    const key = /registrations\/[\w-]+\?key=([\w-]+)/.exec(text)?.[1] ?? '';
    expect(people.registrationLinks.opens(key)).toBe(registrationId);
    const [, code = ''] = /depuis un autre appareil\s: (\d{3} \d{3})/.exec(text) ?? [];
    expect(await people.registrationLinks.tryCode(registrationId, code.replace(' ', ''))).toBe(true);
    await desk.seats.registrations.cancel(registrationId, lea);
    expect((await messagesTo(lea)).at(-1)?.mail.text).not.toMatch(/key=|autre appareil/);
  });

  it('that asks for a proof contains the code and link of its own challenge', async () => {
    const { cafeIds } = await cafes(2, 2);
    const guest = await people.attendees.upsertByEmail({ name: 'Nour', email: 'nour@example.org' });
    for (const cafeId of cafeIds) await desk.claimInTurn(cafeId, [guest], { guest: true });
    const made = async () => {
      const found = await desk.database.pool.query(
        'select id, registration_id from sign_in_challenge where email = $1',
        ['nour@example.org'],
      );
      return new Map<string, string>(found.rows.map(({ id, registration_id }) => [registration_id, id]));
    };
    expect(await made()).toEqual(new Map());
    const sent = (await messagesTo(guest)).map((outgoing) => outgoing?.mail.text ?? '');
    const challenges = await made();
    expect(challenges.size).toBe(2);
    for (const cafeId of cafeIds) {
      const registrationId = await desk.registrationIn(cafeId, guest);
      const challengeId = challenges.get(registrationId) ?? '';
      const code = (await people.signInMails.codeOf(challengeId)).replace(/^(\d{3})/, '$1 ');
      const link = people.signInMails.linkOf(challengeId, `/registrations/${registrationId}`);
      expect(sent.filter((text) => text.includes(code) && text.includes(link))).toHaveLength(1);
    }
    // A second attempt contains the same code.
    expect((await messagesTo(guest)).map((outgoing) => outgoing?.mail.text)).toEqual(sent);
    expect(await made()).toEqual(challenges);
  });

  it('that waits for its budget has no challenge: no code is valid before its mail is sent', async () => {
    const { pool } = desk.database;
    const { cafeIds, eventId } = await cafes(2);
    const guest = await people.attendees.upsertByEmail({ name: 'Nour', email: 'over-budget@example.org' });
    await desk.claimInTurn(cafeIds[0] as string, [guest], { guest: true });
    await pool.query(`insert into mail_budget values ($1, date_trunc('hour', now(), 'UTC'), 1000)`, [eventId]);
    const expires = (interval: string) =>
      pool.query('update registration set expires_at = now() + $2::interval where attendee_id = $1', [guest, interval]);
    await expires('1 day');
    await expect(messagesTo(guest)).rejects.toThrow(OverBudget);
    // The hold ends before the budget is available again.
    await expires('0 s');
    expect(await messagesTo(guest)).toEqual([undefined]);
    await expires('1 day');
    expect((await pool.query(`select from sign_in_challenge where email = 'over-budget@example.org'`)).rowCount).toBe(
      0,
    );
    await prove(guest);
    expect(await messagesTo(guest)).toHaveLength(1);
  });

  it('of a guest on the waitlist waits for its budget for an hour at most', async () => {
    const { pool } = desk.database;
    const { cafeIds, eventId } = await cafes(1);
    const guest = await people.attendees.upsertByEmail({ name: 'Nour', email: 'in-line@example.org' });
    await desk.claimInTurn(cafeIds[0] as string, [await person()]);
    await desk.claimInTurn(cafeIds[0] as string, [guest], { guest: true });
    await pool.query(`insert into mail_budget values ($1, date_trunc('hour', now(), 'UTC'), 1000)`, [eventId]);
    await expect(messagesTo(guest)).rejects.toThrow(OverBudget);
    await pool.query(`update outbox set created_at = now() - interval '61 minutes' where attendee_id = $1`, [guest]);
    expect(await messagesTo(guest)).toEqual([undefined]);
  });

  it('uses the share of the budget for its client: less if the client caused many mails', async () => {
    const { pool } = desk.database;
    const { cafeIds, eventId } = await cafes(2);
    const guest = await people.attendees.upsertByEmail(
      { name: 'Nour', email: 'of-many@example.org' },
      { laterMails: true },
    );
    await desk.claimInTurn(cafeIds[0] as string, [guest], { guest: true });
    await pool.query(`update registration set expires_at = now() + interval '1 day' where attendee_id = $1`, [guest]);
    await pool.query(`insert into mail_budget values ($1, date_trunc('hour', now(), 'UTC'), 500)`, [eventId]);
    await expect(messagesTo(guest)).rejects.toThrow(OverBudget);
    await people.attendees.upsertByEmail({ name: 'Nour', email: 'of-many@example.org' });
    expect(await messagesTo(guest)).toEqual([expect.anything()]);
  });

  it('for a delegated person names the address of the delegate, and until when the seat is kept', async () => {
    const { cafeIds } = await cafes(2);
    const by = await people.attendees.upsertByEmail({ name: 'URGENT pay 500', email: 'by@example.org' });
    await prove(by);
    const one = await people.attendees.upsertByEmail({ name: 'Ines', email: 'ines@example.org' });
    await desk.seats.claims.claimTogether({ cafeId: cafeIds[0] as string, attendeeIds: [one], mode: 'each', by });
    const sent = (await messagesTo(one)).at(-1)?.mail;
    expect(sent?.text).toMatch(/^Votre place est gardée jusqu’à/);
    expect(sent?.text).toContain('Bonjour Ines, by@example.org a demandé une place pour vous');
    expect(JSON.stringify(sent)).not.toContain('URGENT');
  });
});

it('the thanks of an event do not count guest registrations, because other people made them', async () => {
  const { cafeIds, eventId } = await cafes(2, 2);
  const lea = await person();
  await desk.claimInTurn(cafeIds[0] as string, [lea]);
  await desk.claimInTurn(cafeIds[1] as string, [lea], { guest: true });
  const thanks = await write(outboxMail({ id: eventId, kind: 'thanks', attendee_id: lea, event_id: eventId }));
  expect(thanks?.mail.text).toContain('1\u00a0inscription et son historique');
});

describe('a person whose address is not proved', () => {
  /** All text columns about an attendee except their address and language. The test finds new columns automatically. */
  async function typedColumns(): Promise<string[]> {
    const found = await desk.database.pool.query(
      `select column_name from information_schema.columns
       where table_name = 'attendee' and data_type in ('text', 'character varying', 'jsonb') and column_name not in ('email', 'locale')`,
    );
    return found.rows.map(({ column_name: column }) => column);
  }

  async function typeInto(attendeeIds: string[], text: string): Promise<void> {
    const columns = await typedColumns();
    expect(columns).toEqual(expect.arrayContaining(['name', 'organisation']));
    const set = columns.map((column) => `${column} = $2`).join(', ');
    await desk.database.pool.query(`update attendee set ${set} where id = any ($1)`, [attendeeIds, text]);
  }

  /** The whole message, with headers and files. */
  const textOf = ({ mail }: OutgoingMail) => JSON.stringify({ ...mail, attachments: mail.attachments.map(String) });

  it('gets no text that a visitor typed, in any kind of message', async () => {
    const { pool } = desk.database;
    const { cafeIds, eventId } = await cafes(5);
    const [cafeId = ''] = cafeIds;
    const [reader, delegate, other] = [await person(), await person(), await person()];
    await desk.claimInTurn(cafeId, [other]);
    await desk.seats.claims.claimTogether({ cafeId, attendeeIds: [reader], mode: 'each', by: delegate });
    const registrationId = await desk.registrationIn(cafeId, reader);
    const { rows } = await pool.query(
      'select r.delegation_id, a.email from registration r join attendee a on a.id = r.attendee_id where r.id = $1',
      [registrationId],
    );
    const { delegation_id, email } = rows[0];
    await people.signIn.ask({ email });
    const challenge = await pool.query(
      'select challenge_id from outbox where challenge_id is not null order by id desc',
    );
    const { challenge_id } = challenge.rows[0];
    const about = {
      attendee_id: reader,
      registration_id: registrationId,
      delegation_id,
      cafe_id: cafeId,
      event_id: eventId,
    };
    const writeAs = async (kind: OutboxMail['kind'], proved: boolean) => {
      await pool.query('update attendee set email_proved_at = case when $2 then now() end where id = $1', [
        reader,
        proved,
      ]);
      return write(outboxMail({ id: registrationId, kind, ...about, challenge_id }));
    };
    await typeInto([reader, delegate, other], 'zxqmarker');
    const kinds = new Set<string>();
    // Each kind requires its status.
    const readSeat = seats.seat;
    for (const status of ['confirmed', 'held', 'waitlisted', 'offered', 'cancelled'] as const) {
      seats.seat = async (id) => {
        const found = await readSeat(id);
        const [expiresAt, waitlistPosition] = [new Date(Date.now() + 600_000).toISOString(), 1];
        return (
          found && {
            ...found,
            registration: { ...found.registration, status, guest: status === 'held', expiresAt, waitlistPosition },
          }
        );
      };
      for (const kind of MailKind.options) {
        const unproved = await writeAs(kind, false);
        if (!unproved) continue;
        kinds.add(kind);
        expect([kind, textOf(unproved).match(/.{0,60}zxqmarker.{0,60}/)?.[0]]).toEqual([kind, undefined]);
        expect(unproved.mail.to).toEqual({ name: '', address: email });
        // Control: the marker is in the database.
        expect(textOf((await writeAs(kind, true)) as OutgoingMail)).toContain('zxqmarker');
      }
    }
    seats.seat = readSeat;
    expect([...kinds].sort()).toEqual([...MailKind.options].sort());
  });
});
