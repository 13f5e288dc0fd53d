import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { readConfiguration } from '#platform';
import { waitFor } from '../../../../test/support/wait-for.ts';
import { Admission, type Place, type Refusal } from './admission.ts';

const configuration = (more: Record<string, string> = {}) =>
  readConfiguration({
    DATABASE_URL: 'postgres://x/x',
    REDIS_URL: 'redis://x',
    SMTP_URL: 'smtp://x',
    APP_SECRET: 'a secret of thirty-two characters',
    PUBLIC_URL: 'https://pages.test',
    GATEWAY_URL: 'https://live.test',
    ...more,
  });

/** In these handshakes the cookie is the id of the signed-in attendee. */
const open = (more: Record<string, string> = {}) => new Admission(configuration(more), ({ headers }) => headers.cookie);

const from = (address: string, headers: Record<string, string> = {}) =>
  ({
    headers,
    rawHeaders: Object.entries(headers).flat(),
    socket: { remoteAddress: address, destroyed: false },
  }) as unknown as IncomingMessage;

/** The immediate answer to a handshake, or `waits`. */
function ask(admission: Admission, request: IncomingMessage): Refusal | 'waits' | undefined {
  let answered: Refusal | 'waits' | undefined = 'waits';
  admission.ask(request, (refusal) => {
    answered = refusal;
  });
  return answered;
}

/** Opens a connection as the adapter does, when it gets its turn. */
async function connect(
  admission: Admission,
  request: IncomingMessage,
  { idle = false, cut = () => {} }: { idle?: boolean; cut?: () => void } = {},
): Promise<Place> {
  expect(await new Promise((resolve) => admission.ask(request, resolve))).toBeUndefined();
  const place = admission.opened(request, {
    idle: () => idle,
    cut: () => {
      admission.closed(place);
      cut();
    },
  });
  return place;
}

describe('admission', () => {
  it('admits pages of the installation and programs without an origin, and refuses other pages', () => {
    const admission = open();
    expect(ask(admission, from('10.0.0.1', { origin: 'https://pages.test' }))).toBeUndefined();
    expect(ask(admission, from('10.0.0.1'))).toBeUndefined();
    for (const origin of ['https://pages.test.evil', 'http://pages.test', 'https://pages.test:8443', 'null']) {
      expect(ask(admission, from('10.0.0.1', { origin }))).toBe('origin');
    }
  });

  it('refuses http pages if the installation is on https', () => {
    const admission = open({ GATEWAY_URL: 'http://live.test' });
    expect(ask(admission, from('10.0.0.1', { origin: 'http://live.test' }))).toBe('origin');
    expect(admission.origins).toEqual(['https://pages.test']);
  });

  it('takes a place from an address with many for an address with few when the gateway is full', async () => {
    const admission = open({ SOCKETS_MAX: '4', SOCKETS_PER_ADDRESS_MAX: '4' });
    let cut = 0;
    for (let opened = 0; opened < 4; opened++) await connect(admission, from('10.0.0.1'), { cut: () => void cut++ });
    await connect(admission, from('10.0.0.2'));
    await connect(admission, from('10.0.0.3'));
    await connect(admission, from('10.0.0.4'));
    expect(cut).toBe(3);
    // One place each: an address with as many places cannot take one.
    expect(ask(admission, from('10.0.0.5'))).toBe('full');
  });

  it('takes a place from an attendee with many for an attendee with few when the gateway is full', async () => {
    const admission = open({ SOCKETS_MAX: '8', SOCKETS_PER_ADDRESS_MAX: '8' });
    const cuts: string[] = [];
    const connectAs = (cookie: string) =>
      connect(admission, from('10.0.0.1', { cookie }), { cut: () => void cuts.push(cookie) });
    for (let opened = 0; opened < 8; opened++) await connectAs('lea');
    await connectAs('zoe');
    await connect(admission, from('10.0.0.2'));
    expect(cuts).toEqual(['lea', 'lea']);
    for (const person of ['max', 'eva', 'tom', 'ida']) await connectAs(person);
    expect(cuts).toEqual(Array(6).fill('lea'));
    // At most two places each: an attendee who would then have as many places cannot take one.
    await connectAs('lou');
    expect(ask(admission, from('10.0.0.1', { cookie: 'ava' }))).toBe('full');
    expect(ask(admission, from('10.0.0.3'))).toBe('full');
  });

  it('replaces a connection of the same address that watches nothing', async () => {
    const admission = open({ SOCKETS_PER_ADDRESS_MAX: '4' });
    const cuts: string[] = [];
    const places: Place[] = [];
    for (const name of ['watches', 'idle', 'watches', 'watches']) {
      const idle = name === 'idle';
      places.push(await connect(admission, from('10.0.0.1'), { idle, cut: () => void cuts.push(name) }));
    }
    // The period in which a connection may watch nothing is over.
    for (const place of places) place.openedAt -= 5_000;
    await connect(admission, from('10.0.0.1'));
    expect(cuts).toEqual(['idle']);
    expect(admission.crowded(places[0] as Place)).toBe(true);
  });

  it('replaces a connection whose fingerprint more than half of the connections of its address have', async () => {
    const admission = open({ SOCKETS_PER_ADDRESS_MAX: '40' });
    const cuts = { phone: 0, program: 0 };
    const phone = (place: number) => from('10.0.0.1', { 'user-agent': `phone ${place % 5}` });
    for (let place = 0; place < 10; place++) await connect(admission, phone(place), { cut: () => void cuts.phone++ });
    for (let place = 0; place < 30; place++) {
      await connect(admission, from('10.0.0.1', { 'user-agent': 'program' }), { cut: () => void cuts.program++ });
    }
    for (let place = 0; place < 3; place++) await connect(admission, from('10.0.0.1', { 'user-agent': 'a new phone' }));
    expect(cuts).toEqual({ phone: 0, program: 3 });
    admission.close();
  });

  it('makes handshakes that arrive too fast wait, and gives turns to the fingerprints one after another', async () => {
    const admission = open({ SOCKETS_PER_ADDRESS_MAX: '5' });
    const order: string[] = [];
    const handshake = (fingerprint: string) =>
      admission.ask(from('10.0.0.1', { 'user-agent': fingerprint }), (refusal) => order.push(refusal ?? fingerprint));
    for (let count = 0; count < 8; count++) handshake('program');
    handshake('phone');
    expect(order).toEqual(Array(5).fill('program'));
    await waitFor(() => order.length === 7, { what: 'the first two turns' });
    expect(order.slice(5)).toEqual(['program', 'phone']);
    admission.close();
    expect(order.slice(7)).toEqual(['stopping', 'stopping']);
  });

  it('counts eight connections of a signed-in attendee separately from their address', async () => {
    const admission = open({ SOCKETS_PER_ADDRESS_MAX: '1' });
    await connect(admission, from('10.0.0.1'));
    expect(ask(admission, from('10.0.0.1'))).toBe('waits');
    const places: Place[] = [];
    for (let place = 0; place < 8; place++) places.push(await connect(admission, from('10.0.0.1', { cookie: 'lea' })));
    expect(ask(admission, from('10.0.0.1', { cookie: 'lea' }))).toBe('waits');
    expect(ask(admission, from('10.0.0.1', { cookie: 'zoe' }))).toBeUndefined();
    admission.closed(places[0] as Place);
    admission.closed(places[0] as Place);
    expect(ask(admission, from('10.0.0.1', { cookie: 'lea' }))).toBeUndefined();
    admission.close();
  });

  it('counts by the address that the trusted proxies saw, not by one that a client claims', () => {
    const forwarded = from('10.0.0.1', { 'x-forwarded-for': '1.1.1.1, 2.2.2.2, 3.3.3.3' });
    expect(open().key(forwarded)).toBe('10.0.0.1');
    expect(open({ TRUSTED_PROXIES: '1' }).key(forwarded)).toBe('3.3.3.3');
    expect(open({ TRUSTED_PROXIES: '2' }).key(forwarded)).toBe('2.2.2.2');
  });

  it('counts the /64 of an IPv6 address as one client', () => {
    const admission = open();
    expect(admission.key(from('2001:db8:0:1::7'))).toBe(admission.key(from('2001:db8:0:1:aaaa:bbbb:cccc:dddd')));
    expect(admission.key(from('2001:db8:0:1::7'))).not.toBe(admission.key(from('2001:db8:0:2::7')));
    expect(admission.key(from('::ffff:10.0.0.1'))).toBe('10.0.0.1');
  });

  it('admits no client after the gateway began to stop', () => {
    const admission = open();
    admission.close();
    expect(ask(admission, from('10.0.0.1'))).toBe('stopping');
  });
});
