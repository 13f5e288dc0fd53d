import { describe, expect, it } from '@jest/globals';
import type * as z from 'zod/mini';
import {
  Delegation,
  Email,
  GuestClaim,
  Id,
  MeChange,
  problemCodes,
  problemDocument,
  SignInVerify,
  WalkIn,
} from './index.ts';

describe('the contract', () => {
  it('normalises an e-mail address', () => {
    expect(Email.parse('  Ada@Example.ORG ')).toBe('ada@example.org');
    expect(Email.safeParse('ada').success).toBe(false);
  });

  it('replaces a line break in a name by a space, so that it cannot add a header to a mail', () => {
    const claim = { name: 'Ada\r\nBcc: x@example.org', email: 'ada@example.org', organisation: 'Club\u2028X' };
    expect(GuestClaim.parse(claim)).toMatchObject({ name: 'Ada Bcc: x@example.org', organisation: 'Club X' });
    expect(WalkIn.parse(claim)).toMatchObject({ name: 'Ada Bcc: x@example.org' });
  });

  it('gives the code of the error of a name', () => {
    const { issues } = GuestClaim.safeParse({ name: '\u202e\u200b', email: 'ada@example.org' })
      .error as z.core.$ZodError;
    expect(issues).toMatchObject([
      { path: ['name'], message: 'must have a letter or a digit', params: { fault: 'empty' } },
    ]);
  });

  it('parses an id to lower case', () => {
    expect(Id.parse('0199A0F3-7C1B-7D3E-8F00-0123456789AB')).toBe('0199a0f3-7c1b-7d3e-8f00-0123456789ab');
  });

  it('refuses a name or an organisation with a link', () => {
    for (const name of ['Ada https://evil.example', 'WWW.evil.example', 'ftp://x', 'Gagnez : evil.example/prix']) {
      const person = { name, email: 'ada@example.org' };
      const issue = GuestClaim.safeParse(person).error?.issues[0];
      expect(issue).toMatchObject({ path: ['name'], message: 'must be a name, without a link' });
      expect(WalkIn.safeParse(person).success).toBe(false);
      expect(Delegation.safeParse({ mode: 'all', people: [person] }).success).toBe(false);
      expect(GuestClaim.safeParse({ ...person, name: 'Ada', organisation: name }).success).toBe(false);
      expect(MeChange.safeParse({ name }).success).toBe(false);
      expect(MeChange.safeParse({ organisation: name }).success).toBe(false);
    }
    for (const name of ['Ada L. / King:', 'J.-P. Martin', 'M.Dupont', 'N. A. / B. C.']) {
      expect(GuestClaim.safeParse({ name, email: 'ada@example.org' }).success).toBe(true);
    }
  });

  it('accepts a code of six to eight digits, with spaces and hyphens between them', () => {
    for (const code of [
      '739165',
      '739 165',
      ' 739\u00a0165 ',
      '739\u202f165',
      '739-165',
      '73\u20119165',
      '٧٣٩ ١٦٥',
      '７３９１６５',
      '739\r\n165',
    ]) {
      expect(SignInVerify.parse({ email: 'ada@example.org', code })).toMatchObject({ code: '739165' });
    }
    expect(SignInVerify.parse({ token: 'x', code: '7391 6502' })).toMatchObject({ code: '73916502' });
    for (const code of ['', '73916', '739165024', '739.165', '739165x']) {
      expect(SignInVerify.safeParse({ email: 'ada@example.org', code }).success).toBe(false);
    }
  });

  it('has a title and a next step for each problem in French and in English', () => {
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
