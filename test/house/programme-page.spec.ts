import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { PROJECT_ROOT } from '#platform';
import { checkProgramme, programmeSchema } from '#programme';

const PAGE = path.join(PROJECT_ROOT, 'docs/programme.md');
const SCHEMA = /<!-- schema -->\n[\s\S]*<!-- \/schema -->/;

/** The parts of JSON Schema that the page shows. */
interface Schema {
  type?: string;
  description?: string;
  format?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  /** The values of an object whose keys are language tags. */
  additionalProperties?: Schema | false;
}

/** A schema in words: “text, at most 300 characters”. */
function inWords({ type, format, items, ...rest }: Schema): string {
  if (rest.additionalProperties) return 'object by language';
  if (rest.enum) return rest.enum.map((value) => `\`${value}\``).join(', ');
  if (type === 'array') return `list of ${inWords(items ?? {})}${rest.maxItems ? `; at most ${rest.maxItems}` : ''}`;
  if (type === 'integer') return `number, ${rest.minimum} to ${rest.maximum}`;
  if (type === 'boolean') return '`true` or `false`';
  if (type === 'object') return 'object';
  if (format === 'date-time') return 'instant';
  return `text${rest.maxLength ? `, at most ${rest.maxLength} characters` : ''}`;
}

/** One row for each field. The fields of an object follow it. */
function rowsOf({ properties = {}, required = [] }: Schema, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const inside = field.type === 'array' ? (field.items ?? {}) : field;
    const key = `${prefix}${name}`;
    const { additionalProperties: values } = inside;
    const below = values
      ? rowsOf({ properties: { '{language}': values }, required: ['{language}'] }, `${key}.`)
      : inside.properties
        ? rowsOf(inside, `${key}${field.type === 'array' ? '[]' : ''}.`)
        : [];
    const optional = required.includes(name) ? '' : 'optional; ';
    return [`| \`${key}\` | ${optional}${inWords(field)} | ${field.description ?? ''} |`, ...below];
  });
}

it('docs/programme.md has the schema as the code has it: WRITE_DOCS=1 writes it', () => {
  const table = ['| field | value | |', '| --- | --- | --- |', ...rowsOf(programmeSchema() as Schema)].join('\n');
  const page = readFileSync(PAGE, 'utf8');
  const written = page.replace(SCHEMA, `<!-- schema -->\n${table}\n<!-- /schema -->`);
  if (process.env.WRITE_DOCS) writeFileSync(PAGE, written);
  else expect(page).toBe(written);
});

it('docs/programme.md has an example that can be loaded', () => {
  const [, example = ''] = /<!-- example -->\n```json\n([\s\S]*?)```/.exec(readFileSync(PAGE, 'utf8')) ?? [];
  expect(checkProgramme(JSON.parse(example))).toEqual([]);
});
