import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

/** The most public methods of a class or interface. A caller that needs three methods should not depend on thirty. */
const METHODS_MAX = 12;

/** The classes and interfaces of a file, each with its number of public methods. */
function facesOf(file: string, text: string): { name: string; methods: number }[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const faces: { name: string; methods: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) {
      faces.push({ name: `${file} ${node.name?.text}`, methods: node.members.filter(isShown).length });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return faces;
}

function isShown(member: ts.ClassElement | ts.TypeElement): boolean {
  if (!ts.isMethodDeclaration(member) && !ts.isMethodSignature(member)) return false;
  return !ts.isPrivateIdentifier(member.name) && !/^private\b/.test(member.getText());
}

const tooLarge = (faces: { name: string; methods: number }[]) =>
  faces.filter(({ methods }) => methods > METHODS_MAX).map(({ name, methods }) => `${name}: ${methods}`);

describe('the classes and interfaces of the product', () => {
  it('have few public methods', () => {
    const files = globSync('{apps,libs}/**/src/**/*.{ts,tsx}').filter(
      (file) => !/generated|\.spec\.|\.d\.ts$/.test(file),
    );
    const faces = files.flatMap((file) => facesOf(file, readFileSync(file, 'utf8')));
    expect(faces.length).toBeGreaterThan(200);
    expect(tooLarge(faces)).toEqual([]);
  });

  it('are found when they have more', () => {
    const methods = Array.from({ length: METHODS_MAX + 1 }, (_, index) => `abstract verb${index}(): void;`).join(' ');
    expect(tooLarge(facesOf('wide.ts', `abstract class Wide { ${methods} #hidden() {} }`))).toEqual([
      'wide.ts Wide: 13',
    ]);
  });
});
