import type { Logger } from 'pino';
import { type Configuration, ConfigurationError, readConfiguration } from './configuration.ts';
import { createLogger } from './logging.ts';

/** How long an app may take to stop, in milliseconds; then it is ended. */
const STOP_WITHIN_MS = 10_000;

/** What a running app gives back: how it is stopped. */
export interface RunningApp {
  close(): Promise<void>;
}

/**
 * Run one app as a process: read the environment, start, and stop within ten seconds on SIGTERM or SIGINT, or when whoever started it
 * with a channel to it is gone. What cannot be started is one line and exit code 1.
 */
export async function runApp(
  name: string,
  start: (configuration: Configuration, logger: Logger) => Promise<RunningApp>,
): Promise<void> {
  let configuration: Configuration;
  try {
    configuration = readConfiguration();
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
    logger.fatal({ fault: (error as Error).message }, `${name} cannot start`);
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
        logger.error({ fault: error.message }, `${name} did not stop cleanly`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  // Or they went while this one started.
  if (process.connected === false) stop();
}
