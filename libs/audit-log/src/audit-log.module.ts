import { Global, Module } from '@nestjs/common';
import { Database, providerOf } from '#platform';
import { AuditLog } from './audit-log.ts';

/** Reading the audit log. Writing needs no provider. */
@Global()
@Module({ providers: [providerOf(AuditLog, Database)], exports: [AuditLog] })
export class AuditLogModule {}
