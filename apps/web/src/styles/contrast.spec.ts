import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const css = readFileSync(new URL('base.css', import.meta.url), 'utf8');
const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');

function colours(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));
}

/** Returns the relative luminance of a colour (WCAG 2.2), from 0 to 1. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [bright = 0, dim = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (bright + 0.05) / (dim + 0.05);
}

/** The colours of text, whose contrast with each background is at least 4.5. */
const texts = ['ink', 'quiet', 'enamel', 'saffron-ink', 'verdigris-ink', 'brick'];
const grounds = ['paper', 'sheet', 'good', 'mine', 'bad'];
/** The colours of borders, chairs, bars and rings, whose contrast with the background is at least 3. */
const shapes = ['edge', 'enamel', 'verdigris', 'brick', 'ink'];

describe.each([
  ['light', colours(light)],
  ['dark', { ...colours(light), ...colours(dark) }],
])('in the %s theme', (theme, named) => {
  const of = (name: string) => named[name] ?? '';

  it.each(texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)))(
    '%s can be read on %s',
    (text, ground) => expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5),
  );

  it.each(shapes.flatMap((shape) => ['paper', 'sheet'].map((ground) => [shape, ground] as const)))(
    '%s can be seen on %s',
    (shape, ground) => expect(contrast(of(shape), of(ground))).toBeGreaterThanOrEqual(3),
  );

  it('the text of a primary button can be read', () => {
    expect(contrast(of('on-enamel'), of('enamel'))).toBeGreaterThanOrEqual(4.5);
  });

  it('the theme defines every colour', () => {
    const own = Object.keys(colours(theme === 'light' ? light : dark));
    expect(own).toEqual(expect.arrayContaining([...texts, ...grounds, ...shapes, 'on-enamel']));
  });
});

it('a disabled button keeps its colours under the pointer', () => {
  const controls = readFileSync(new URL('controls.css', import.meta.url), 'utf8');
  // The plain `button:hover` needs no exception: the rule of a disabled button comes later, with the same specificity.
  const hovered = [...controls.matchAll(/^button\.(?!quiet).*:hover/gm)].map(([rule]) => rule);
  expect(hovered.length).toBeGreaterThan(0);
  for (const rule of hovered) expect(rule).toContain(':not(:disabled,');
});

it('the test computes contrast as WCAG defines it', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});
