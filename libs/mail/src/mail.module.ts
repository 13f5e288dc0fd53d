import { Global, Module } from '@nestjs/common';
import { Configuration } from '#platform';
import { MailAttachments } from './attachments.ts';
import { createMailComposer, MailComposer } from './composer.ts';
import { emailDomain } from './email-address.ts';
import { createMailTransport, MailTransport } from './transport.ts';

/**
 * Composes and sends mails. The app provides `MailAttachments`, which renders tickets and calendar entries, and closes the transport when
 * it stops.
 */
@Global()
@Module({
  providers: [
    { provide: MailComposer, useFactory: createMailComposer, inject: [MailAttachments] },
    {
      provide: MailTransport,
      useFactory: ({ SMTP_URL, MAIL_FROM, MAIL_CONNECTIONS_MAX, MAIL_DKIM_KEY, MAIL_DKIM_SELECTOR }: Configuration) =>
        createMailTransport({
          smtpUrl: SMTP_URL,
          from: MAIL_FROM,
          connectionsMax: MAIL_CONNECTIONS_MAX,
          ...(MAIL_DKIM_KEY && {
            dkim: { domain: emailDomain(MAIL_FROM), selector: MAIL_DKIM_SELECTOR, privateKey: MAIL_DKIM_KEY },
          }),
        }),
      inject: [Configuration],
    },
  ],
  exports: [MailComposer, MailTransport],
})
export class MailModule {}
