import ts from 'typescript';

/** How a text uses a table. */
export interface Access {
  how: 'reads' | 'writes';
  table: string;
}

const WORD = /[a-z_][a-z0-9_]*|[(),;.]/gi;
/** The keywords that end the list of tables after `from`. Joins add to the list. */
const ENDS_FROM = new Set(
  'where group order having limit offset window union except intersect returning set for loop do when then values select'.split(
    ' ',
  ),
);

/**
 * The tables that an SQL text names at positions where PostgreSQL expects a table. Names of common table expressions are not tables. Names
 * in quoted literals (dynamic SQL) and types of variables are not found.
 */
export function sqlAccess(text: string, isTable: (name: string) => boolean): Access[] {
  const words = (withoutCommentsAndLiterals(text).match(WORD) ?? []).map((word) => word.toLowerCase());
  const expressions = new Set(
    words.filter((_, at) => /^(with|recursive|,)$/.test(words[at - 1] ?? '') && isExpressionName(words, at)),
  );
  const found: Access[] = [];
  /** For each open parenthesis, and for the text outside of all: whether another table follows a comma. */
  const inFrom = [false];
  const add = (at: number, how: Access['how']) => {
    const start = /^(only|lateral|table)$/.test(words[at] ?? '') ? at + 1 : at;
    const table = words[start] ?? '';
    const isFunction = how === 'reads' && words[start + 1] === '(';
    if (isTable(table) && !expressions.has(table) && !isFunction) found.push({ how, table });
  };
  for (const [at, word] of words.entries()) {
    const before = words[at - 1];
    if (word === '(') inFrom.push(false);
    else if (word === ')') inFrom.pop();
    else if (word === ';' || ENDS_FROM.has(word)) inFrom[inFrom.length - 1] = false;
    else if (word === 'from' && before === 'delete') add(at + 1, 'writes');
    else if ((word === 'from' && before !== 'distinct') || (word === 'using' && before !== '(')) {
      inFrom[inFrom.length - 1] = true;
      add(at + 1, 'reads');
    } else if (word === 'join') add(at + 1, 'reads');
    else if (word === ',' && inFrom.at(-1)) add(at + 1, 'reads');
    else if (word === 'into' && /^(insert|merge)$/.test(before ?? '')) add(at + 1, 'writes');
    else if (word === 'update' && !/^(for|do|on|key)$/.test(before ?? '')) add(at + 1, 'writes');
    else if (word === 'truncate' || (word === 'lock' && words[at + 1] === 'table')) add(at + 1, 'writes');
    else if (word === 'on' && isTrigger(words, at)) add(at + 1, 'reads');
  }
  return found;
}

/** `x as (` or `x (a, b) as (`, also with `materialized`. */
function isExpressionName(words: string[], at: number): boolean {
  let next = at + 1;
  if (words[next] === '(') next = words.indexOf(')', next) + 1;
  return words[next] === 'as' && /^(\(|not|materialized)$/.test(words[next + 1] ?? '');
}

/** `create trigger x before insert or update of y on z`: whether this is the `on` of a trigger. */
function isTrigger(words: string[], at: number): boolean {
  const start = words.lastIndexOf('trigger', at);
  return start >= 0 && !words.slice(start, at).includes(';') && !words.slice(start, at).includes('on');
}

function withoutCommentsAndLiterals(text: string): string {
  return text.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, ' ');
}

/** Whether a text in a program is SQL or a part of it. */
export function isSql(text: string): boolean {
  return (
    /^\s*(select|insert into|update|delete from|with|lock table|truncate|create|alter|drop|from|(left |cross )?join|where|begin|set local|notify|listen)\s/.test(
      text,
    ) || /\bselect\b[\s\S]*\bfrom\b/.test(text)
  );
}

/** The texts in a TypeScript file, without the values in templates. */
export function textsOf(source: ts.SourceFile): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node)) {
      texts.push([node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join(' $ '));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

/** Models of Prisma by their names in the client. Each has its table and its relations (field → name of the model). */
export type Models = Map<string, { table: string; relations: Map<string, string> }>;

const READS = /^(find(Unique|First)(OrThrow)?|findMany|count|aggregate|groupBy)$/;
const WRITES = /^(create|update)(Many(AndReturn)?)?$|^upsert$|^delete(Many)?$/;

/**
 * The tables that a TypeScript file uses through Prisma: delegates (`prisma.event`, or destructured from `prisma`) and the relations in the
 * arguments of their methods. A field that stores a delegate must have the name of the delegate (`#event`), so that its calls are found.
 */
export function prismaAccess(source: ts.SourceFile, models: Models): Access[] {
  const found: Access[] = [];
  const visit = (node: ts.Node): void => {
    const delegate = delegateOf(node);
    const model = delegate === undefined ? undefined : models.get(delegate);
    if (model) found.push({ how: 'reads', table: model.table });
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const called = models.get(lastName(node.expression.expression));
      const method = node.expression.name.text;
      if (called && (READS.test(method) || WRITES.test(method))) {
        const how = READS.test(method) ? 'reads' : 'writes';
        found.push({ how, table: called.table });
        for (const argument of node.arguments) addRelations(argument, called.relations, how);
      }
    }
    ts.forEachChild(node, visit);
  };
  const addRelations = (node: ts.Node, relations: Map<string, string>, how: Access['how']): void => {
    if (ts.isPropertyAssignment(node) && (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name))) {
      const model = models.get(relations.get(node.name.text) ?? '');
      if (model) found.push({ how, table: model.table });
      addRelations(node.initializer, model?.relations ?? relations, how);
      return;
    }
    ts.forEachChild(node, (child) => addRelations(child, relations, how));
  };
  visit(source);
  return found;
}

/** The name after `prisma.`, or destructured from `prisma`. */
function delegateOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && isClient(node.expression)) return node.name.text;
  if (!ts.isBindingElement(node) || !ts.isVariableDeclaration(node.parent.parent)) return undefined;
  const { initializer } = node.parent.parent;
  return initializer && isClient(initializer) ? (node.propertyName ?? node.name).getText() : undefined;
}

function isClient(node: ts.Node): boolean {
  return /^(prisma|tx|transaction)$/.test(lastName(node));
}

/** `c` of `a.b.c` and of `a.#c`. */
function lastName(node: ts.Node): string {
  if (ts.isPropertyAccessExpression(node)) return node.name.text.replace('#', '');
  return ts.isIdentifier(node) ? node.text : '';
}
