import { Module } from '@nestjs/common';
import { WorkerMetrics } from './worker-metrics.ts';

/** What the worker tells on `/metrics`. */
@Module({ providers: [WorkerMetrics], exports: [WorkerMetrics] })
export class MetricsModule {}
