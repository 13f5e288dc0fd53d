import { tmpdir } from 'node:os';
import path from 'node:path';
import { startMailbox } from './servers/mailbox.ts';

/** The mailbox of `docker-compose.demonstration.yml`, in a separate container. Its messages are deleted with the container. */
const mailbox = await startMailbox({
  folder: path.join(tmpdir(), 'comptoir-mailbox'),
  smtpPort: Number(process.env.SMTP_PORT),
  webPort: Number(process.env.MAILBOX_PORT),
  listenAt: process.env.HOST,
});
console.log(`The mailbox is at ${mailbox.url}.`);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void mailbox.stop().then(() => process.exit(0)));
}
