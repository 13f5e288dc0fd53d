import { isIPv6 } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Clients, networkOf } from './network.ts';

const request = (remoteAddress: string, headers: Record<string, string> = {}) =>
  ({ headers, socket: { remoteAddress } }) as unknown as Parameters<Clients['networkOf']>[0];

/** A spelling of the eight groups of an address: case, leading zeros, compressed zeros, a dotted end, a zone, brackets and a port. */
const spelling = fc.record({
  upper: fc.boolean(),
  padded: fc.boolean(),
  compressed: fc.boolean(),
  dotted: fc.boolean(),
  zone: fc.constantFrom('', '%eth0', '%1'),
  around: fc.constantFrom('', '[]', '[]:443', '[]:65535', ' '),
});
type Spelling = typeof spelling extends fc.Arbitrary<infer Value> ? Value : never;

function spell(groups: number[], { upper, padded, compressed, dotted, zone, around }: Spelling): string {
  const texts = groups.map((group) => group.toString(16).padStart(padded ? 4 : 1, '0'));
  if (dotted) {
    const [high = 0, low = 0] = groups.slice(6);
    texts.splice(6, 2, [high >> 8, high & 255, low >> 8, low & 255].join('.'));
  }
  let text = texts.join(':');
  const zeros = /(^|:)0+(:0+)+(?=:|$)/.exec(text);
  if (compressed && zeros) {
    const [head, tail] = [text.slice(0, zeros.index), text.slice(zeros.index + zeros[0].length).replace(/^:/, '')];
    text = `${head}::${tail}`;
  }
  if (upper) text = text.toUpperCase();
  if (around === ' ') return ` ${text}${zone} `;
  return around === '' ? `${text}${zone}` : around.replace('[]', `[${text}${zone}]`);
}

describe('the network of an address', () => {
  it('is the same for all spellings of all addresses of an IPv6 /64, and differs between two of them', () => {
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    const network = fc.tuple(group, group, group, group).filter((groups) => groups.some((each) => each !== 0));
    const host = fc.tuple(group, group, group, group);
    fc.assert(
      fc.property(network, network, host, host, spelling, spelling, (one, other, a, b, first, second) => {
        const [left, right] = [spell([...one, ...a], first), spell([...one, ...b], second)];
        expect(isIPv6(left.trim().replace(/^\[|\](:\d+)?$/g, ''))).toBe(true);
        expect(networkOf(left)).toBe(networkOf(right));
        expect(networkOf(left)).toBeDefined();
        if (one.join() !== other.join()) expect(networkOf(spell([...other, ...b], second))).not.toBe(networkOf(left));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '192.0.2.7',
    '192.0.2.7:5678',
    ' 192.0.2.7 ',
    '::ffff:192.0.2.7',
    '::FFFF:192.0.2.7',
    '::ffff:c000:207',
    '0:0:0:0:0:ffff:192.0.2.7',
    '[::ffff:192.0.2.7]:443',
    '::ffff:192.0.2.7%eth0',
  ])('is the IPv4 address of %s', (address) => expect(networkOf(address)).toBe('192.0.2.7'));

  it.each(['', 'unknown', '_hidden', '1.2.3', '0x7f.1', '1.2.3.4.5', '1.2.3.4:', '[::1', '::1]:3', 'a'.repeat(5_000)])(
    'is undefined for %j',
    (text) => expect(networkOf(text)).toBeUndefined(),
  );
});

describe('the client of a request', () => {
  const behind = (TRUSTED_PROXIES: number, forwarded?: string) =>
    new Clients({ TRUSTED_PROXIES }).networkOf(
      request('10.0.0.1', forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
    );

  it('is the address that the outermost trusted proxy saw, or the address of the connection if that is not an address', () => {
    expect(behind(0, '192.0.2.1')).toBe('10.0.0.1');
    expect(behind(1)).toBe('10.0.0.1');
    expect(behind(1, '198.51.100.9, 192.0.2.1')).toBe('192.0.2.1');
    expect(behind(1, '198.51.100.9, 192.0.2.1:5678')).toBe('192.0.2.1');
    expect(behind(1, '[2001:db8::1]:443')).toBe(networkOf('2001:DB8::2'));
    expect(behind(2, '198.51.100.9, 192.0.2.1, 10.0.0.2')).toBe('192.0.2.1');
    expect(behind(3, '192.0.2.1, 10.0.0.2')).toBe('192.0.2.1');
    for (const garbage of ['', ',', 'unknown', 'for=192.0.2.1', '9'.repeat(4_000)]) {
      expect([garbage, behind(1, garbage)]).toEqual([garbage, '10.0.0.1']);
    }
  });

  it('causes one warning when there is a proxy in front and none is trusted', () => {
    const lines: string[] = [];
    const logger = { warn: (line: string) => lines.push(line) } as never;
    const none = new Clients({ TRUSTED_PROXIES: 0 }, logger);
    none.networkOf(request('10.0.0.1'));
    expect(lines).toEqual([]);
    none.networkOf(request('10.0.0.1', { forwarded: 'for=192.0.2.1' }));
    none.networkOf(request('10.0.0.2', { 'x-forwarded-for': '192.0.2.1' }));
    expect(lines).toEqual([expect.stringContaining('TRUSTED_PROXIES')]);
    new Clients({ TRUSTED_PROXIES: 1 }, logger).networkOf(request('10.0.0.1', { 'x-forwarded-for': '192.0.2.1' }));
    expect(lines).toHaveLength(1);
  });
});
