import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { MailDev } from 'maildev';

/** The most messages that are kept; the oldest go first. */
const MESSAGES_MAX = 1_000;

/** A mailbox that takes every message and shows it: nothing leaves this machine. */
export interface Mailbox {
  smtpUrl: string;
  /** Its pages, and `GET /api/email`. */
  url: string;
  stop(): Promise<void>;
}

/** Start the mailbox on 127.0.0.1. Its messages lie in `folder`, so that the next start shows them too. */
export async function startMailbox(options: { folder: string; smtpPort: number; webPort: number }): Promise<Mailbox> {
  const mailDirectory = path.resolve(options.folder);
  await mkdir(mailDirectory, { recursive: true });
  const server = new MailDev({
    smtp: options.smtpPort,
    ip: '127.0.0.1',
    web: options.webPort,
    webIp: '127.0.0.1',
    mailDirectory,
    maxEmails: MESSAGES_MAX,
    silent: true,
  });
  await server.start();
  return {
    smtpUrl: `smtp://127.0.0.1:${options.smtpPort}`,
    url: `http://localhost:${options.webPort}`,
    stop: () => server.stop(),
  };
}
