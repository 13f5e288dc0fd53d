import { readFileSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import { createTransport, type SendMailOptions } from 'nodemailer';

/**
 * The reference, in a separate process: nodemailer's pool and a loop. It sends the bodies of a file (recorded from the worker) one after
 * the other, `count` messages in all. The argument is JSON. It begins when it gets a message over IPC, so that its start is not measured.
 */
interface BareLoop {
  sourcesFile: string;
  port: number;
  connections: number;
  count: number;
}

const { sourcesFile, port, connections, count } = JSON.parse(process.argv[2] ?? '{}') as BareLoop;
const transport = createTransport({
  pool: true,
  host: '127.0.0.1',
  port,
  maxConnections: connections,
  maxMessages: 1_000,
  disableFileAccess: true,
  disableUrlAccess: true,
});

const bodies: SendMailOptions[] = [];
for (const source of JSON.parse(readFileSync(sourcesFile, 'utf8')) as string[]) {
  const mail = await simpleParser(Buffer.from(source, 'base64'));
  bodies.push({
    from: mail.from?.text ?? '',
    to: [mail.to ?? []].flat().flatMap(({ value }) => value.map(({ name, address = '' }) => ({ name, address }))),
    subject: mail.subject ?? '',
    html: mail.html || '',
    text: mail.text ?? '',
    attachments: mail.attachments.map(({ filename, content, contentType, cid }) => ({
      content,
      contentType,
      ...(filename && { filename }),
      ...(cid && { cid }),
    })),
    headers: { 'Auto-Submitted': 'auto-generated' },
  });
}

let next = 0;
async function send(): Promise<void> {
  while (next < count) {
    const number = next++;
    await transport.sendMail({ ...bodies[number % bodies.length], messageId: `<bare-${process.pid}-${number}@bench>` });
  }
}

process.once('message', async () => {
  // The worker sends the same number of messages at the same time.
  await Promise.all(Array.from({ length: connections * 4 }, send));
  transport.close();
  process.exit(0);
});
process.send?.('ready');
