import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AppLogger, Configuration } from '#platform';
import { CountsReader, openSeatFeed, SeatFeed } from './seat-feed.ts';

/** The seat feed over Redis. The app provides a `CountsReader` in a global module, which reads the counts that the feed publishes. */
@Global()
@Module({
  providers: [
    {
      provide: SeatFeed,
      useFactory: ({ REDIS_URL, APP_SECRET }: Configuration, logger: AppLogger, reader: CountsReader) =>
        openSeatFeed({
          redisUrl: REDIS_URL,
          secret: APP_SECRET,
          counts: (cafeIds) => reader.countsOf(cafeIds),
          logger,
        }),
      inject: [Configuration, AppLogger, CountsReader],
    },
  ],
  exports: [SeatFeed],
})
export class LiveModule implements OnApplicationShutdown {
  readonly #feed: SeatFeed;

  constructor(feed: SeatFeed) {
    this.#feed = feed;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#feed.close();
  }
}
