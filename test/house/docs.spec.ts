import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROJECT_ROOT } from '#platform';

/** The pages that name files and folders for new contributors. */
const PAGES = ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md'];
/** A path of the repository in backticks. */
const PATHS = /`((?:apps|libs|test|prisma|docs)\/[\w./*-]+)`/g;

describe('the pages that name files and folders', () => {
  it.each(PAGES)('%s names only files and folders that exist', (page) => {
    const text = readFileSync(path.join(PROJECT_ROOT, page), 'utf8');
    const named = [...text.matchAll(PATHS)].map(([, name]) => name as string).filter((name) => !name.includes('*'));
    expect(named.filter((name) => !existsSync(path.join(PROJECT_ROOT, name)))).toEqual([]);
  });
});
