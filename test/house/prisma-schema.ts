import { readFileSync } from 'node:fs';

/** A model of prisma/schema.prisma as its table: the expected lines of the database, one for each column, key, index and reference. */
export interface PrismaTable {
  model: string;
  table: string;
  /** For each field, the name of its column, or the model that it refers to. */
  fields: Map<string, { column: string } | { model: string }>;
  /** In the format of `test/house/schema.spec.ts`. */
  lines: string[];
}

interface Field {
  name: string;
  type: string;
  isList: boolean;
  isOptional: boolean;
  attributes: string;
}

const SCALARS: Record<string, string> = {
  String: 'text',
  Int: 'integer',
  BigInt: 'bigint',
  Boolean: 'boolean',
  DateTime: 'timestamp(3) without time zone',
  Json: 'jsonb',
  Bytes: 'bytea',
};
const ACTIONS: Record<string, string> = {
  Cascade: 'cascade',
  SetNull: 'set null',
  Restrict: 'restrict',
  NoAction: 'no action',
};

/** The tables that prisma/schema.prisma declares, in the order of the file. */
export function readPrismaSchema(schema = readFileSync('prisma/schema.prisma', 'utf8')): PrismaTable[] {
  const source = schema.replace(/^\s*\/\/.*$/gm, '');
  const enums = new Map(blocks(source, 'enum').map(([name, body]) => [name, mappedName(body) ?? name]));
  const models = blocks(source, 'model').map(([model, body]) => ({
    model,
    table: mappedName(body) ?? model,
    fields: fieldsOf(body),
    attributes: [...body.matchAll(/^\s*(@@(?:id|unique|index)\(.*\))\s*$/gm)].map(([, text = '']) => text),
  }));
  const byName = new Map(models.map((model) => [model.model, model]));
  const columnOf = (model: string, field: string) => {
    const found = byName.get(model)?.fields.find(({ name }) => name === field);
    return argument(found?.attributes ?? '', '@map') ?? field;
  };

  return models.map(({ model, table, fields, attributes }) => {
    const columns = (list: string) => list.split(',').map((field) => columnOf(model, field.trim()));
    const lines = fields.flatMap((field) => {
      if (byName.has(field.type))
        return referenceLines(field, table, byName.get(field.type)?.table ?? '', columns, columnOf);
      return columnLines(field, table, typeOf(field, enums));
    });
    for (const attribute of attributes) lines.push(keyLine(attribute, table, columns));
    return {
      model,
      table,
      lines: lines.sort(),
      fields: new Map(
        fields.map(({ name, type }) => [name, byName.has(type) ? { model: type } : { column: columnOf(model, name) }]),
      ),
    };
  });
}

function blocks(source: string, kind: string): [name: string, body: string][] {
  const found = source.matchAll(new RegExp(`^${kind} (\\w+) \\{([\\s\\S]*?)^\\}`, 'gm'));
  return [...found].map(([, name = '', body = '']) => [name, body]);
}

function mappedName(body: string): string | undefined {
  return /@@map\("(\w+)"\)/.exec(body)?.[1];
}

function fieldsOf(body: string): Field[] {
  const found = body.matchAll(/^ {2}(\w+)\s+(Unsupported\("[^"]+"\)|\w+)(\[\])?(\?)?(.*)$/gm);
  return [...found].map(([, name = '', type = '', list, optional, attributes = '']) => ({
    name,
    type,
    isList: list !== undefined,
    isOptional: optional !== undefined,
    attributes,
  }));
}

/** The quoted argument of an attribute or of a named argument: `@map("x")`, `map: "x"`. */
function argument(text: string, name: string): string | undefined {
  return new RegExp(`(?<![@\\w])${name}[(:]\\s*"((?:[^"\\\\]|\\\\.)*)"`).exec(text)?.[1]?.replaceAll('\\"', '"');
}

/** The text between the parentheses of an attribute, at any depth. */
function inParentheses(text: string, name: string): string | undefined {
  const start = text.indexOf(`${name}(`);
  if (start < 0) return undefined;
  const from = start + name.length + 1;
  let depth = 1;
  let at = from;
  for (; depth > 0; at++) depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0;
  return text.slice(from, at - 1);
}

function typeOf({ type, isList, attributes }: Field, enums: Map<string, string>): string {
  const unsupported = /Unsupported\("([^"]+)"\)/.exec(type)?.[1];
  const base =
    unsupported ??
    (attributes.includes('@db.Uuid') ? 'uuid' : undefined) ??
    (attributes.includes('@db.Timestamptz(6)') ? 'timestamp with time zone' : undefined) ??
    SCALARS[type] ??
    enums.get(type);
  if (!base) throw new Error(`${type} is neither a type nor an enum that this test knows`);
  return `${base}${isList ? '[]' : ''}`;
}

function columnLines({ name, isList, isOptional, attributes }: Field, table: string, type: string): string[] {
  const column = argument(attributes, '@map') ?? name;
  const given = inParentheses(attributes, '@default');
  const nullable = isOptional ? ' null' : '';
  const lines = [
    `column ${column} ${type}${nullable}${given === undefined ? '' : ` default ${defaultOf(given, type)}`}`,
  ];
  if (/@id\b/.test(attributes)) lines.push(`primary key ${table}_pkey (${column})`);
  if (/@unique\b/.test(attributes)) lines.push(`unique ${table}_${column}_key (${column})`);
  if (isList && isOptional) throw new Error(`${table}.${column}: Prisma has no nullable lists`);
  return lines;
}

function defaultOf(given: string, type: string): string {
  const generated = argument(given, 'dbgenerated');
  if (generated !== undefined) return generated;
  if (given === 'now()' || given === 'true' || given === 'false' || /^-?\d+$/.test(given)) return given;
  if (given === 'autoincrement()') return 'generated';
  if (given === '[]') return `'{}'::${type}`;
  return `'${given.replaceAll('"', '')}'::${type}`;
}

function referenceLines(
  { type, attributes, isOptional }: Field,
  table: string,
  referenced: string,
  columns: (list: string) => string[],
  columnOf: (model: string, field: string) => string,
): string[] {
  const relation = inParentheses(attributes, '@relation');
  const from = relation && /fields:\s*\[([^\]]+)\]/.exec(relation)?.[1];
  if (!relation || !from) return [];
  const to = (/references:\s*\[([^\]]+)\]/.exec(relation)?.[1] ?? '')
    .split(',')
    .map((field) => columnOf(type, field.trim()));
  const action = (name: string) => ACTIONS[new RegExp(`${name}:\\s*(\\w+)`).exec(relation)?.[1] ?? ''];
  const name = argument(relation, 'map') ?? `${table}_${columns(from).join('_')}_fkey`;
  return [
    `foreign key ${name} (${columns(from).join(', ')}) references ${referenced} (${to.join(', ')})` +
      ` on update ${action('onUpdate') ?? 'cascade'} on delete ${action('onDelete') ?? (isOptional ? 'set null' : 'restrict')}`,
  ];
}

/** `@@id`, `@@unique` and `@@index`, with the names that Prisma gives them when the schema has none. */
function keyLine(attribute: string, table: string, columns: (list: string) => string[]): string {
  const kind = /^@@(\w+)/.exec(attribute)?.[1];
  const fields = (/\[([^\]]+)\]/.exec(attribute)?.[1] ?? '').split(',');
  const keys = columns(fields.map((field) => field.replace(/\(.*\)/, '')).join(','));
  const sorted = keys.map((column, place) => (fields[place]?.includes('sort: Desc') ? `${column} desc` : column));
  const where = /where: raw\("((?:[^"\\]|\\.)*)"\)/.exec(attribute)?.[1];
  const name = argument(attribute, 'map');
  const tail = `(${sorted.join(', ')})${where ? ` where ${where.replaceAll('\\"', '"')}` : ''}`;
  if (kind === 'id') return `primary key ${name ?? `${table}_pkey`} ${tail}`;
  if (kind === 'unique') return `unique ${name ?? `${table}_${keys.join('_')}_key`} ${tail}`;
  const method = /type: (\w+)/.exec(attribute)?.[1]?.toLowerCase();
  return `index ${name ?? `${table}_${keys.join('_')}_idx`} ${method ? `using ${method} ` : ''}${tail}`;
}

/** The enums that prisma/schema.prisma declares: the name of the type, and its labels in their order. */
export function readPrismaEnums(schema = readFileSync('prisma/schema.prisma', 'utf8')): Map<string, string[]> {
  return new Map(
    blocks(schema, 'enum').map(([name, body]) => [
      mappedName(body) ?? name,
      [...body.matchAll(/^ {2}(\w+)(.*)$/gm)].map(
        ([, value = '', attributes = '']) => argument(attributes, '@map') ?? value,
      ),
    ]),
  );
}
