import { describe, expect, it } from '@jest/globals';
import { Email, GuestClaim, problemCodes, problemDocument } from './index.ts';

describe('the contract', () => {
  it('recognises a person by the address in one form', () => {
    expect(Email.parse('  Ada@Example.ORG ')).toBe('ada@example.org');
    expect(Email.safeParse('ada').success).toBe(false);
  });

  it('refuses a name that would smuggle a line into a mail', () => {
    const claim = { name: 'Ada\r\nBcc: x@example.org', email: 'ada@example.org' };
    expect(GuestClaim.safeParse(claim).success).toBe(false);
    expect(GuestClaim.safeParse({ ...claim, name: 'Ada' }).success).toBe(true);
  });

  it('says every problem in French and in English, with a status and a next step', () => {
    for (const code of problemCodes) {
      for (const locale of ['fr', 'en'] as const) {
        const document = problemDocument(code, locale);
        expect(document).toMatchObject({ code, type: `urn:comptoir:problem:${code}` });
        expect(document.status).toBeGreaterThanOrEqual(400);
        expect(document.title).not.toBe('');
        expect(document.detail).not.toBe('');
      }
    }
  });
});
