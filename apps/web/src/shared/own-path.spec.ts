import { describe, expect, it } from '@jest/globals';
import { ownPath } from './own-path.ts';

const ours = 'https://comptoir.example';

describe('a path from a link', () => {
  it.each([
    '/me',
    '/',
    '/registrations/0199a0f3-7c1b-7d3e-8f00-0123456789ab',
    '/cafes/a?from=plan&x=%C3%A9#seat',
    '/events/rencontre-d%C3%A9cembre',
    '/organiser/a//b',
    '/events/%C3%89t%C3%A9-%D9%84',
  ])('is returned when it leads to a page of this site: %s', (path) => {
    expect(ownPath(path, '/otherwise', ours)).toBe(path);
  });

  it.each([
    null,
    '',
    'me',
    'https://evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/%09/evil.example',
    '/%0a/evil.example',
    '/%0D%0A/evil.example',
    '/%2509/evil.example',
    '/%5cevil.example',
    '/%255Cevil.example',
    '/%7f/evil.example',
    '/%00',
    '/%C2%85/evil.example',
    '/\u0000/evil.example',
    '/\u0085/evil.example',
    '/./\\evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    '/a/%2e%2e//evil.example',
    '//user@comptoir.example@evil.example',
    '//comptoir.example:444/me',
    '//[',
    '/\ud800/../\\evil.example',
  ])('is replaced when it leads, or may lead, to another site: %j', (path) => {
    expect(ownPath(path, '/otherwise', ours)).toBe('/otherwise');
  });

  it('never leads to another site, for any combination of four parts', () => {
    const parts = [
      '/',
      '\\',
      '\t',
      '\n',
      '%09',
      '%5c',
      '%2f',
      '.',
      '..',
      '@',
      ':',
      'evil.example',
      '?',
      '#',
      ' ',
      'me',
    ];
    for (const one of parts)
      for (const two of parts)
        for (const three of parts)
          for (const four of parts) {
            const path = ownPath(`/${one}${two}${three}${four}`, '/otherwise', ours);
            const found = [
              new URL(path, ours).origin,
              new URL(decodeURI(path.replace(/%(?![\da-f]{2})/gi, '')), ours).origin,
            ];
            expect([path, found]).toEqual([path, [ours, ours]]);
          }
  });
});
