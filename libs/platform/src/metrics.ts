import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { BUILD_ID } from './build.ts';

/** The port of `/metrics` of each app, unless `METRICS_PORT` sets another one. */
export const metricsPorts = { api: 9300, gateway: 9301, worker: 9302 } as const;

/** The metrics of one app. */
export abstract class Metrics {
  abstract registry: Registry;
  abstract contentType: string;
  /** All metrics as Prometheus text. */
  abstract text(): Promise<string>;
}

/** Opens a registry with the metrics of the process and the id of its build. Each metric has the label `app`. */
export function openMetrics(app: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'comptoir_build_info',
    help: 'Always 1; the label is the id of the build that runs',
    labelNames: ['build'],
    registers: [registry],
  }).set({ build: BUILD_ID }, 1);
  return { registry, contentType: registry.contentType, text: () => registry.metrics() };
}
