import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { readConfiguration } from '#platform';
import { Admission } from './admission.ts';

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

const from = (address: string, headers: Record<string, string> = {}) =>
  ({ headers, socket: { remoteAddress: address } }) as unknown as IncomingMessage;

describe('a live connection is admitted', () => {
  it('from pages of ours and from what is no browser, not from other pages', () => {
    const admission = new Admission(configuration());
    expect(admission.refuses(from('10.0.0.1', { origin: 'https://pages.test' }))).toBeUndefined();
    expect(admission.refuses(from('10.0.0.1'))).toBeUndefined();
    expect(admission.refuses(from('10.0.0.1', { origin: 'https://pages.test.evil' }))).toBe('origin');
    expect(admission.refuses(from('10.0.0.1', { origin: 'null' }))).toBe('origin');
  });

  it('as long as its address has not too many, and there is room', () => {
    const admission = new Admission(configuration({ SOCKETS_MAX: '3', SOCKETS_PER_ADDRESS_MAX: '2' }));
    const closed = admission.opened(from('10.0.0.1'));
    admission.opened(from('10.0.0.1'));
    expect(admission.refuses(from('10.0.0.1'))).toBe('address');
    expect(admission.refuses(from('10.0.0.2'))).toBeUndefined();
    admission.opened(from('10.0.0.2'));
    expect(admission.refuses(from('10.0.0.3'))).toBe('full');
    closed();
    expect(admission.refuses(from('10.0.0.1'))).toBeUndefined();
  });

  it('as long as its address does not ask too often', () => {
    const admission = new Admission(configuration({ SOCKETS_PER_ADDRESS_MAX: '5' }));
    const asked = Array.from({ length: 8 }, () => admission.refuses(from('10.0.0.1')));
    expect(asked.filter((reason) => reason === 'address').length).toBe(3);
  });

  it('by the address that our proxies saw, and by no other that a client claims', () => {
    const forwarded = from('10.0.0.1', { 'x-forwarded-for': '1.1.1.1, 2.2.2.2, 3.3.3.3' });
    expect(new Admission(configuration()).key(forwarded)).toBe('10.0.0.1');
    expect(new Admission(configuration({ TRUSTED_PROXIES: '1' })).key(forwarded)).toBe('3.3.3.3');
    expect(new Admission(configuration({ TRUSTED_PROXIES: '2' })).key(forwarded)).toBe('2.2.2.2');
  });

  it('a household of IPv6 counted as one', () => {
    const admission = new Admission(configuration());
    expect(admission.key(from('2001:db8:0:1::7'))).toBe(admission.key(from('2001:db8:0:1:aaaa:bbbb:cccc:dddd')));
    expect(admission.key(from('2001:db8:0:1::7'))).not.toBe(admission.key(from('2001:db8:0:2::7')));
    expect(admission.key(from('::ffff:10.0.0.1'))).toBe('10.0.0.1');
  });

  it('not at all once the gateway stops', () => {
    const admission = new Admission(configuration());
    admission.close();
    expect(admission.refuses(from('10.0.0.1'))).toBe('stopping');
  });
});
