/** The colours of the messages (design: paper, ink, enamel, saffron), with their counterparts for the dark theme. */
export const light = {
  paper: '#fbf7ef',
  card: '#fffdf8',
  ink: '#1d2430',
  quiet: '#565d6b',
  hairline: '#ddd5c5',
  enamel: '#12406b',
  onEnamel: '#ffffff',
} as const;

export const dark: Record<keyof typeof light, string> = {
  paper: '#14181f',
  card: '#1b2029',
  ink: '#f2ecdf',
  quiet: '#a9afbb',
  hairline: '#343b48',
  enamel: '#8fc1f0',
  onEnamel: '#0f1a26',
};
