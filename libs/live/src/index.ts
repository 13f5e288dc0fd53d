/** What changed, told from whoever committed to every screen: the feed over Redis, the newest counts, and pushing in bounds. */
export { Coalescer } from './coalescer.ts';
export { DashboardComposer, type DashboardParts } from './dashboard.ts';
export { SeatCounts } from './seat-counts.ts';
export { CountsReader, openSeatFeed, SEAT_CHANNEL, SeatFeed, type SeatFeedListener } from './seat-feed.ts';
