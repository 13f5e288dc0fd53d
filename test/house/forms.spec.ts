import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

/** Files with a form that `apps/web/src/shared/forms` does not check, each with the reason. */
const OWN_FORMS: Record<string, string> = {
  'apps/web/src/shared/forms/form.tsx': 'the form of all the others',
  'apps/web/src/group/people-form.tsx': 'a list of people has its faults by line',
  'apps/api/src/messages/reminders-page.ts': 'one button, and nothing to type',
};

/** Attributes by which the browser checks a value, and says what is wrong in its own language. */
const CHECKED_BY_BROWSER = ['required', 'pattern', 'min', 'max', 'step', 'minLength', 'minlength'];
/** Types of `<input>` that browsers check. `datetime-local` checks nothing in a form with `noValidate`. */
const CHECKED_TYPES = ['number', 'email', 'url', 'date', 'time', 'month', 'week'];

const sources = globSync(['apps/web/src/**/*.{ts,tsx}', 'apps/api/src/**/*.ts'])
  .filter((file) => !file.includes('.spec.'))
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

interface Element {
  file: string;
  tag: string;
  attributes: Map<string, string | undefined>;
}

/** The elements of the pages, with their attributes; the value where it is a text. */
function elementsOf({ file, text }: (typeof sources)[number]): Element[] {
  const found: Element[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxSelfClosingElement(node) || ts.isJsxOpeningElement(node)) {
      const attributes = node.attributes.properties.filter(ts.isJsxAttribute).map((each) => {
        const value = each.initializer && ts.isStringLiteral(each.initializer) ? each.initializer.text : undefined;
        return [each.name.getText(), value] as const;
      });
      found.push({ file, tag: node.tagName.getText(), attributes: new Map(attributes) });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2024, true, ts.ScriptKind.TSX));
  return found;
}

const elements = sources.filter(({ file }) => file.endsWith('.tsx')).flatMap(elementsOf);

describe('a form of the pages', () => {
  it('is checked in the language of the page: it is that of shared/forms', () => {
    const withForm = sources.filter(({ text }) => /<form\b/.test(text)).map(({ file }) => file);
    expect(withForm.sort()).toEqual(Object.keys(OWN_FORMS).sort());
    const forms = elements.filter(({ tag }) => tag === 'form');
    expect(forms.filter(({ attributes }) => !attributes.has('noValidate'))).toEqual([]);
  });

  it('has no value that the browser checks', () => {
    const inputs = elements.filter(({ tag }) => ['input', 'select', 'textarea', 'Field'].includes(tag));
    expect(inputs.length).toBeGreaterThan(20);
    // `Field` says `required` to its form, not to the browser.
    const checked = inputs.filter(({ tag, attributes }) =>
      CHECKED_BY_BROWSER.some((name) => attributes.has(name) && !(tag === 'Field' && name === 'required')),
    );
    expect(checked).toEqual([]);
    expect(inputs.filter(({ attributes }) => CHECKED_TYPES.includes(attributes.get('type') ?? ''))).toEqual([]);
  });
});
