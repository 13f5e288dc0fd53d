import { Global, Module } from '@nestjs/common';
import { Configuration } from '#platform';
import { createMailServer, MailServer } from './mail-server.ts';

export { MailServer } from './mail-server.ts';

/** The features of the mail server, for apps that send no mail: they load neither templates nor transport. */
@Global()
@Module({
  providers: [
    {
      provide: MailServer,
      useFactory: ({ SMTP_URL }: Configuration) => createMailServer({ smtpUrl: SMTP_URL }),
      inject: [Configuration],
    },
  ],
  exports: [MailServer],
})
export class MailServerModule {}
