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

/** The cookie of these handshakes is the id of who is signed in. */
const open = (more: Record<string, string> = {}) => new Admission(configuration(more), ({ headers }) => headers.cookie);

const from = (address: string, headers: Record<string, string> = {}) =>
  ({
    headers,
    rawHeaders: Object.entries(headers).flat(),
    socket: { remoteAddress: address, destroyed: false },
  }) as unknown as IncomingMessage;

/** What a handshake is answered at once; `waits` where it is not. */
function ask(admission: Admission, request: IncomingMessage): Refusal | 'waits' | undefined {
  let answered: Refusal | 'waits' | undefined = 'waits';
  admission.ask(request, (refusal) => {
    answered = refusal;
  });
  return answered;
}

/** Open one as a server does, when its turn comes. */
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

describe('a live connection is admitted', () => {
  it('from pages of ours and from what is no browser, not from other pages', () => {
    const admission = open();
    expect(ask(admission, from('10.0.0.1', { origin: 'https://pages.test' }))).toBeUndefined();
    expect(ask(admission, from('10.0.0.1'))).toBeUndefined();
    for (const origin of ['https://pages.test.evil', 'http://pages.test', 'https://pages.test:8443', 'null']) {
      expect(ask(admission, from('10.0.0.1', { origin }))).toBe('origin');
    }
  });

  it('from no http page where the pages come over https', () => {
    const admission = open({ GATEWAY_URL: 'http://live.test' });
    expect(ask(admission, from('10.0.0.1', { origin: 'http://live.test' }))).toBe('origin');
    expect(admission.origins).toEqual(['https://pages.test']);
  });

  it('as long as there is room, which an address with many makes for one with few', async () => {
    const admission = open({ SOCKETS_MAX: '4', SOCKETS_PER_ADDRESS_MAX: '4' });
    let cut = 0;
    for (let opened = 0; opened < 4; opened++) await connect(admission, from('10.0.0.1'), { cut: () => void cut++ });
    await connect(admission, from('10.0.0.2'));
    await connect(admission, from('10.0.0.3'));
    await connect(admission, from('10.0.0.4'));
    expect(cut).toBe(3);
    // One each: nobody has so many that another should have one of them.
    expect(ask(admission, from('10.0.0.5'))).toBe('full');
  });

  it('as long as there is room, which a signed-in person with many makes for one with few', async () => {
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
    // At most two each: nobody has so many that another should have one of them.
    await connectAs('lou');
    expect(ask(admission, from('10.0.0.1', { cookie: 'ava' }))).toBe('full');
    expect(ask(admission, from('10.0.0.3'))).toBe('full');
  });

  it('in place of one of its address that watches nothing', async () => {
    const admission = open({ SOCKETS_PER_ADDRESS_MAX: '4' });
    const cuts: string[] = [];
    const places: Place[] = [];
    for (const name of ['watches', 'idle', 'watches', 'watches']) {
      const idle = name === 'idle';
      places.push(await connect(admission, from('10.0.0.1'), { idle, cut: () => void cuts.push(name) }));
    }
    // It has had the time to watch something.
    for (const place of places) place.openedAt -= 5_000;
    await connect(admission, from('10.0.0.1'));
    expect(cuts).toEqual(['idle']);
    expect(admission.crowded(places[0] as Place)).toBe(true);
  });

  it('in place of one of those that look alike and are more than half', async () => {
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

  it('after others of its address where they come too fast, each kind in turn, and is not refused for it', async () => {
    const admission = open({ SOCKETS_PER_ADDRESS_MAX: '5' });
    const order: string[] = [];
    const handshake = (look: string) =>
      admission.ask(from('10.0.0.1', { 'user-agent': look }), (refusal) => order.push(refusal ?? look));
    for (let asked = 0; asked < 8; asked++) handshake('program');
    handshake('phone');
    expect(order).toEqual(Array(5).fill('program'));
    await waitFor(() => order.length === 7, { what: 'the first two turns' });
    expect(order.slice(5)).toEqual(['program', 'phone']);
    admission.close();
    expect(order.slice(7)).toEqual(['stopping', 'stopping']);
  });

  it('by person where somebody is signed in, whatever others of the address do; a handful of each', async () => {
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

  it('by the address that our proxies saw, and by no other that a client claims', () => {
    const forwarded = from('10.0.0.1', { 'x-forwarded-for': '1.1.1.1, 2.2.2.2, 3.3.3.3' });
    expect(open().key(forwarded)).toBe('10.0.0.1');
    expect(open({ TRUSTED_PROXIES: '1' }).key(forwarded)).toBe('3.3.3.3');
    expect(open({ TRUSTED_PROXIES: '2' }).key(forwarded)).toBe('2.2.2.2');
  });

  it('a household of IPv6 counted as one', () => {
    const admission = open();
    expect(admission.key(from('2001:db8:0:1::7'))).toBe(admission.key(from('2001:db8:0:1:aaaa:bbbb:cccc:dddd')));
    expect(admission.key(from('2001:db8:0:1::7'))).not.toBe(admission.key(from('2001:db8:0:2::7')));
    expect(admission.key(from('::ffff:10.0.0.1'))).toBe('10.0.0.1');
  });

  it('not at all once the gateway stops', () => {
    const admission = open();
    admission.close();
    expect(ask(admission, from('10.0.0.1'))).toBe('stopping');
  });
});
