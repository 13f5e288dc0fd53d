import { colon } from '../phrases.ts';
import type { MessageContent } from './content.ts';

/** Renders a message as plain text: the same words in the same order. */
export function renderPlainText(content: MessageContent): string {
  const { locale, heading, paragraphs, code, cafe, before, list, actions, deviceCode, note, footer, event } = content;
  const after = colon[locale];
  return [
    heading,
    ...paragraphs,
    code,
    cafe && `${cafe.label}${after}${cafe.title}\n${cafe.when}\n${cafe.where}`,
    before && `${locale === 'fr' ? 'Auparavant' : 'Before'}${after}${before.when}, ${before.where}`,
    list && [`${list.heading}${after.trimEnd()}`, ...linesOf(list)].join('\n'),
    ...actions.map(({ label, url }) => `${label}${after.trimEnd()}\n${url}`),
    deviceCode,
    note,
    [`—\n${event}`, footer?.text, footer?.link && `${footer.link.label}${after}${footer.link.url}`]
      .filter(Boolean)
      .join('\n'),
  ]
    .filter((part): part is string => Boolean(part))
    .join('\n\n');
}

function linesOf({ items, note }: NonNullable<MessageContent['list']>): string[] {
  const lines = items.map(({ name, detail }) => (detail ? `- ${name} (${detail})` : `- ${name}`));
  return note ? [...lines, note] : lines;
}
