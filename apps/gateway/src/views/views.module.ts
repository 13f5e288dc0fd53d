import { Module } from '@nestjs/common';
import { NotificationsModule } from '#notifications/module';
import { Views } from './views.ts';

/** What hosts and organisers see: attendance lists and dashboards. */
@Module({
  imports: [NotificationsModule],
  providers: [Views],
  exports: [Views],
})
export class ViewsModule {}
