import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { freePort } from '../../apps/local/src/ports.ts';
import { waitFor } from './wait-for.ts';

/** A received message: the recipients of the envelope, the source, and the parsed parts. */
export interface ReceivedMail {
  to: string[];
  source: Buffer;
  mail: ParsedMail;
}

export interface TestMailbox {
  url: string;
  /** In the order of arrival. */
  messages: ReceivedMail[];
  messagesTo(address: string): ReceivedMail[];
  /** Returns the first message that `matches`. Waits for it. */
  waitForMail(matches: (received: ReceivedMail) => boolean): Promise<ReceivedMail>;
  /** The SMTP status with which every message is refused (450: temporarily, 550: for good); undefined when none is refused. */
  refuseWith: number | undefined;
  /** Whether the server is unavailable: connections are refused. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a separate SMTP server on a free port. It stores its messages in memory. */
export async function startTestMailbox(): Promise<TestMailbox> {
  const port = await freePort();
  const messages: ReceivedMail[] = [];
  let server: SMTPServer | undefined;

  async function listen(): Promise<void> {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 200,
      onData(stream, session, done) {
        buffer(stream)
          .then(async (source) => {
            const to = session.envelope.rcptTo.map((recipient) => recipient.address);
            if (mailbox.refuseWith !== undefined) {
              // Real servers also name the recipient in the refusal.
              throw Object.assign(new Error(`<${to}>: refused by the test`), { responseCode: mailbox.refuseWith });
            }
            messages.push({ to, source, mail: await simpleParser(source) });
          })
          .then(
            () => done(),
            (error: Error) => done(error),
          );
      },
    });
    server.on('error', () => {});
    server.listen(port, '127.0.0.1');
    await once(server.server, 'listening');
  }

  async function close(): Promise<void> {
    const closing = server;
    server = undefined;
    if (closing) await new Promise<void>((resolve) => closing.close(resolve));
  }

  const mailbox: TestMailbox = {
    url: `smtp://127.0.0.1:${port}`,
    messages,
    refuseWith: undefined,
    messagesTo: (address) => messages.filter((received) => received.to.includes(address)),
    waitForMail: (matches) => waitFor(() => messages.find(matches), { what: 'a mail' }),
    pause: close,
    resume: listen,
    stop: close,
  };
  await listen();
  return mailbox;
}
