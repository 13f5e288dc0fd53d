/** The paper of the pages in the light theme: accents are read on it. */
const PAPER = '#fbf7ef';
/** The least contrast of text on its ground (WCAG 2.2, 1.4.3, level AA). */
const CONTRAST_MIN = 4.5;

/**
 * Checks that an accent can be read on the paper of the pages.
 * @param accent `#rrggbb`
 * @returns undefined where it can; else its contrast, and the nearest darker tone that can
 */
export function accentError(accent: string): { contrast: number; nearest: string } | undefined {
  const contrast = contrastOf(accent, PAPER);
  if (contrast >= CONTRAST_MIN) return undefined;
  const channels = channelsOf(accent);
  let nearest = accent;
  for (let percent = 99; percent >= 0 && contrastOf(nearest, PAPER) < CONTRAST_MIN; percent--) {
    nearest = `#${channels
      .map((value) =>
        Math.round((value * percent) / 100)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')}`;
  }
  return { contrast: Math.round(contrast * 100) / 100, nearest };
}

/** The contrast of two colours (WCAG 2.2), from 1 to 21. */
function contrastOf(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channelsOf(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
