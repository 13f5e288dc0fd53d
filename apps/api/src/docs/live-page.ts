import type { AsyncApiDocument, LiveMessage, Operation } from './asyncapi.ts';

const STYLE = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d1d1b; background: #fff }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #161616 } a { color: #9cf } }
h2 { margin-block-start: 2.5rem } h3 { margin-block-end: 0.25rem }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid currentColor; border-radius: 0.25rem }
section { border-block-start: 1px solid #8888; padding-block: 0.5rem }
`;

/** Renders the page of the live messages from the document `asyncapi.json`: plain HTML without scripts and other files. */
export function livePage(document: AsyncApiDocument): string {
  const { gateway } = document.servers as { gateway: { protocol: string; host: string; pathname: string } };
  const operations = Object.values(document.operations);
  const list = (action: Operation['action']) =>
    operations
      .filter((operation) => operation.action === action)
      .map((operation) => operationOf(document, operation))
      .join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(document.info.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(document.info.title)}</h1>
<p>${escaped(document.info.description)}</p>
<p><code>${escaped(`${gateway.protocol}://${gateway.host}${gateway.pathname}`)}</code>, namespace <code>${escaped(document.channels.live.address)}</code>.
The document: <a href="/api/v1/asyncapi.json">asyncapi.json</a>. The calls over HTTP: <a href="/api/v1/docs">docs</a>.</p>
<h2>What a client sends</h2>
${list('receive')}
<h2>What the gateway pushes</h2>
${list('send')}
</main>
</body>
</html>
`;
}

function operationOf(document: AsyncApiDocument, operation: Operation): string {
  const [message, ...answers] = [...operation.messages, ...(operation.reply?.messages ?? [])].map(
    ({ $ref }) => document.channels.live.messages[$ref.split('/').at(-1) as string] as LiveMessage,
  ) as [LiveMessage, ...LiveMessage[]];
  return `<section>
<h3><code>${escaped(message.name)}</code></h3>
<p>${escaped(operation.summary)}</p>
${schemaOf('Message', message)}
${answers.map((answer) => schemaOf(answer.title, answer)).join('\n')}
</section>
`;
}

function schemaOf(title: string, { payload }: LiveMessage): string {
  return `<details><summary>${escaped(title)}</summary><pre>${escaped(JSON.stringify(payload, null, 2))}</pre></details>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
