import { collectDefaultMetrics, Registry } from 'prom-client';

/** The figures of one app, as Prometheus text. */
export abstract class Metrics {
  abstract registry: Registry;
  abstract contentType: string;
  abstract text(): Promise<string>;
}

/** A registry of its own, with the process's own figures and the label `app`. */
export function openMetrics(app: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  return { registry, contentType: registry.contentType, text: () => registry.metrics() };
}
