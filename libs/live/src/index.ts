/** Sends changes from a commit to the gateways: the seat feed over Redis, the newest counts, and the coalescer of pushes. */
export { Coalescer } from './coalescer.ts';
export { DashboardComposer, type DashboardParts } from './dashboard.ts';
export { SeatCounts } from './seat-counts.ts';
export { CountsReader, openSeatFeed, SEAT_CHANNEL, SeatFeed, type SeatFeedListener } from './seat-feed.ts';
