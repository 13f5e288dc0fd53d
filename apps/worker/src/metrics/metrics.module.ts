import { Module } from '@nestjs/common';
import { WorkerMetrics } from './worker-metrics.ts';

/** The metrics of the worker. */
@Module({ providers: [WorkerMetrics], exports: [WorkerMetrics] })
export class MetricsModule {}
