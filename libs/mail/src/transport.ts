import nodemailer from 'nodemailer';
import type { ComposedMail } from './message.ts';

/** Why a message was not accepted: `permanent` means that trying again will not help. */
export class MailFault extends Error {
  readonly permanent: boolean;
  constructor(message: string, permanent: boolean) {
    super(message);
    this.name = 'MailFault';
    this.permanent = permanent;
  }
}

export interface OutgoingMail {
  to: { name: string; address: string };
  /** Without angle brackets; the same for every attempt. */
  messageId: string;
  mail: ComposedMail;
}

export interface MailTransport {
  /** Resolves when the server has accepted the message. @throws MailFault */
  send(outgoing: OutgoingMail): Promise<void>;
  close(): void;
}

const CONNECTIONS = 4;
const CONNECT_TIMEOUT_MS = 10_000;
const GREETING_TIMEOUT_MS = 30_000;
const SOCKET_TIMEOUT_MS = 60_000;

/** A pool of connections to the mail server. None is opened before the first message. */
export function createMailTransport(options: { smtpUrl: string; from: string }): MailTransport {
  const url = new URL(options.smtpUrl);
  const secure = url.protocol === 'smtps:';
  const transport = nodemailer.createTransport({
    pool: true,
    host: url.hostname,
    port: Number(url.port) || (secure ? 465 : 25),
    secure,
    ...(url.username && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
    maxConnections: CONNECTIONS,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: GREETING_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, messageId, mail }) {
      try {
        await transport.sendMail({
          from: options.from,
          to,
          messageId: `<${messageId}>`,
          subject: mail.subject,
          html: mail.html,
          text: mail.text,
          ...(mail.calendar && { icalEvent: mail.calendar }),
          attachments: mail.attachments,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        const { responseCode, message } = error as Error & { responseCode?: number };
        throw new MailFault(message, responseCode !== undefined && responseCode >= 500);
      }
    },
    close: () => transport.close(),
  };
}
