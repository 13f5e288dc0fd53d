import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** Paths of the repository that a document names in code marks or as targets of links. */
function pathsIn(document: string): string[] {
  const text = readFileSync(document, 'utf8');
  const named = [
    ...text.matchAll(/`((?:apps|libs|test|prisma|docs)\/[\w./-]+)`/g),
    ...text.matchAll(/\]\(([\w./-]+)\)/g),
  ];
  return named.map(([, path = '']) => path);
}

describe.each(['CONTRIBUTING.md', 'README.md'])('%s', (document) => {
  it('names files and folders that are there', () => {
    const paths = pathsIn(document);
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });
});
