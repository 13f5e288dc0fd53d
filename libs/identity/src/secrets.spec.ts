import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SealedBodies } from './secrets.ts';

describe('a sealed body', () => {
  const key = fc.uint8Array({ minLength: 1, maxLength: 64 });
  const body = fc.uint8Array({ minLength: 40, maxLength: 40 });

  it('carries the HMAC-SHA-256 of the body, whatever was sealed before', () => {
    fc.assert(
      fc.property(key, fc.array(body, { minLength: 1, maxLength: 5 }), (key, bodies) => {
        const sealed = new SealedBodies(Buffer.from(key), 40);
        for (const body of bodies) {
          const seal = createHmac('sha256', key).update(body).digest();
          const text = Buffer.concat([body, seal]).toString('base64url');
          expect(sealed.seal(body)).toBe(text);
          expect(sealed.open(text)).toEqual(Buffer.from(body));
        }
      }),
    );
  });

  it('is opened only when each character of its text is unchanged', () => {
    fc.assert(
      fc.property(key, body, fc.nat({ max: 95 }), fc.string({ minLength: 1, maxLength: 1 }), (key, body, at, other) => {
        const sealed = new SealedBodies(Buffer.from(key), 40);
        const text = sealed.seal(body);
        // The decoder accepts two alphabets: + and - have the same value, and / and _.
        const same = other.replace('+', '-').replace('/', '_') === text[at];
        const changed = text.slice(0, at) + other + text.slice(at + 1);
        expect(sealed.open(changed) !== undefined).toBe(same);
      }),
    );
  });
});
