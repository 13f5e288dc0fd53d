import type { Logger } from 'pino';
import { type Configuration, readConfiguration } from './configuration.ts';
import { createLogger } from './logging.ts';
import { metricsPorts } from './metrics.ts';
import { ConfigurationError } from './secrets.ts';

/** How long an app may take to stop, in milliseconds. After that, its process exits with code 1. */
const STOP_WITHIN_MS = 10_000;

/** A running app. */
export interface RunningApp {
  /** Stops the app. Resolves when all its resources are closed. */
  close(): Promise<void>;
}

/**
 * Runs an app as a process: reads the environment and starts the app. Stops the app within ten seconds on SIGTERM or SIGINT, or when its
 * parent process, which holds an IPC channel to it, ends. If the app cannot start, it logs one line and exits with code 1.
 */
export async function runApp(
  name: keyof typeof metricsPorts,
  start: (configuration: Configuration, logger: Logger) => Promise<RunningApp>,
): Promise<void> {
  let configuration: Configuration;
  try {
    const read = readConfiguration();
    configuration = { ...read, METRICS_PORT: read.METRICS_PORT ?? metricsPorts[name] };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
  const logger = createLogger({ name, level: configuration.LOG_LEVEL });
  let running: RunningApp;
  try {
    running = await start(configuration, logger);
  } catch (error) {
    logger.fatal({ error: (error as Error).message }, `${name} cannot start`);
    process.exit(1);
  }
  let stopping = false;
  const stop = (signal?: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, `${name} is stopping`);
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    running.close().then(
      () => process.exit(0),
      (error: Error) => {
        logger.error({ error: error.message }, `${name} did not stop cleanly`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  // The parent ended before the listener was added.
  if (process.connected === false) stop();
}
