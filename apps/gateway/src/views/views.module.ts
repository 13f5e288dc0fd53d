import { Module } from '@nestjs/common';
import { NotificationsModule } from '#notifications/module';
import { Views } from './views.ts';

/** The views of hosts and organisers: attendance lists and dashboards. */
@Module({
  imports: [NotificationsModule],
  providers: [Views],
  exports: [Views],
})
export class ViewsModule {}
