import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** The longest function, in lines. */
const LINES_MAX = 90;

const files = globSync('libs/*/sql/**/*.sql').map((file) => ({
  file,
  name: path.basename(file, '.sql'),
  sql: readFileSync(file, 'utf8'),
}));
const wrong = (isWrong: (each: (typeof files)[number]) => unknown) => files.filter(isWrong).map(({ file }) => file);

/** The names in a list of parameters, without those of results. */
function parameters(sql: string): string[] {
  const list = /create or replace function \w+\(((?:[^()]|\([^()]*\))*)\)/.exec(sql)?.[1] ?? '';
  return list.split(',').flatMap((each) => {
    const [first = ''] = each.trim().split(/\s+/);
    return first === '' || first === 'out' ? [] : [first];
  });
}

/** The names of the variables of a PL/pgSQL function: those with the smallest indentation in its declarations. */
function variables(sql: string): string[] {
  const declarations = /\ndeclare\n([\s\S]*?)\nbegin\n/.exec(sql)?.[1] ?? '';
  return [...declarations.matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => name);
}

/** The length of the function or view, without its head and its triggers. */
function linesOf(sql: string): number {
  const [statement = ''] = sql.slice(sql.indexOf('create or replace')).split(/^\$\$;$/m);
  return statement.trimEnd().split('\n').length + 1;
}

describe('a file of SQL', () => {
  it('begins with its purpose, and creates only the function or view with its name, and its triggers', () => {
    expect(files.length).toBeGreaterThan(90);
    expect(wrong(({ sql }) => !sql.startsWith('-- '))).toEqual([]);
    expect(
      wrong(({ sql, name }) => !new RegExp(`^create or replace (function|view) ${name}\\b`, 'm').test(sql)),
    ).toEqual([]);
    expect(wrong(({ sql }) => sql.match(/^create or replace/gm)?.length !== 1)).toEqual([]);
    expect(wrong(({ sql }) => /^create (?!or replace|trigger|constraint trigger)/m.test(sql))).toEqual([]);
  });

  it('names parameters p_ and variables v_', () => {
    expect(wrong(({ sql }) => parameters(sql).some((name) => !name.startsWith('p_')))).toEqual([]);
    expect(wrong(({ sql }) => variables(sql).some((name) => !name.startsWith('v_')))).toEqual([]);
  });

  it(`has a function of ${LINES_MAX} lines at most`, () => {
    expect(wrong(({ sql }) => linesOf(sql) > LINES_MAX)).toEqual([]);
  });

  it('of the seat engine calls takes_minutes to find overlapping seats, and has its durations in constants', () => {
    const seats = ({ file }: { file: string }) => file.startsWith('libs/seats/');
    expect(wrong((each) => seats(each) && /not \(?\w+\)?\.overlapping/.test(each.sql))).toEqual([
      'libs/seats/sql/minutes/takes_minutes.sql',
    ]);
    const places = wrong((each) => seats(each) && /interval '/.test(each.sql)).filter(
      (file) => !file.includes('/constants/'),
    );
    expect(places).toEqual([]);
  });
});
