import { collectDefaultMetrics, Registry } from 'prom-client';

/** The port of `/metrics` of each app, unless `METRICS_PORT` names another one. */
export const metricsPorts = { api: 9300, gateway: 9301, worker: 9302 } as const;

/** The metrics of one app. */
export abstract class Metrics {
  abstract registry: Registry;
  abstract contentType: string;
  /** All metrics as Prometheus text. */
  abstract text(): Promise<string>;
}

/** Opens a registry with the metrics of the process. Every metric has the label `app`. */
export function openMetrics(app: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  return { registry, contentType: registry.contentType, text: () => registry.metrics() };
}
