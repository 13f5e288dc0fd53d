import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { MailServerModule } from '#mail/server-module';
import { Configuration, openRedis } from '#platform';
import { Access } from './access.ts';
import { Audit } from './audit.ts';
import { CallCheck } from './call-check.ts';
import { CallGuard } from './call-guard.ts';
import { ClientIds } from './client-ids.ts';
import { Cookies } from './cookies.ts';
import { Deliverable } from './deliverable.ts';
import { FairShare } from './fair-share.ts';
import { Limits } from './limits.ts';
import { ProblemFilter } from './problem-filter.ts';
import { RegistrationAccess } from './registration-access.ts';

/** The timeout of a count in Redis, in milliseconds. After it, this process counts separately. */
const LIMITS_TIMEOUT_MS = 250;

/** The parts that all calls share: declared access, limits, problems and the log of refusals. The API does not start if a call is not declared. */
@Global()
@Module({
  imports: [DiscoveryModule, MailServerModule],
  providers: [
    {
      provide: Limits,
      useFactory: ({ REDIS_URL }: Configuration) =>
        new Limits(
          openRedis(REDIS_URL, {
            name: 'comptoir-limits',
            maxRetriesPerRequest: 0,
            enableOfflineQueue: false,
            commandTimeout: LIMITS_TIMEOUT_MS,
          }),
        ),
      inject: [Configuration],
    },
    Cookies,
    ClientIds,
    Audit,
    Access,
    RegistrationAccess,
    FairShare,
    Deliverable,
    CallCheck,
    { provide: APP_GUARD, useClass: CallGuard },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [Limits, Cookies, Audit, Access, RegistrationAccess, FairShare, Deliverable],
})
export class HttpModule {}
