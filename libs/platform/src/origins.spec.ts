import { expect, it } from '@jest/globals';
import { originsOf } from './origins.ts';

it('accepts the configured origins exactly, and the names of this machine for localhost', () => {
  expect(originsOf('https://cafes.example/path', 'https://live.example:8443')).toEqual([
    'https://cafes.example',
    'https://live.example:8443',
  ]);
  expect(originsOf('http://localhost:3000', 'http://localhost:3000/')).toEqual([
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
  ]);
  expect(originsOf('http://cafes.example')).toEqual(['http://cafes.example']);
  expect(originsOf('https://localhost:3000')).toEqual(['https://localhost:3000']);
});
