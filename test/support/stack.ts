import { type AppName, type RunningApp, startApp } from '../../apps/local/src/apps.ts';
import { loadDemonstration } from '../../apps/local/src/demonstration.ts';
import { freePort } from '../../apps/local/src/ports.ts';
import { openDatabase } from '../../libs/platform/src/database/database.ts';
import { createTestDatabase } from './database.ts';
import { startTestMailbox, type TestMailbox } from './mailbox.ts';
import { startTestRedis, type TestRedis } from './redis.ts';

/** The running apps with the demonstration programme, on separate servers and ports. */
export interface Stack {
  apiUrl: string;
  /** One address for each API process. */
  apiUrls: string[];
  gatewayUrl: string;
  workerUrl: string;
  databaseUrl: string;
  eventId: string;
  secret: string;
  redis: TestRedis;
  mailbox: TestMailbox;
  apps: RunningApp[];
  /** The log lines of the apps. */
  lines: string[];
  stop(): Promise<void>;
}

const SECRET = 'a secret of the tests, for the tests alone';

/** Starts these apps from the build. @param options.apiCount the number of API processes, which share no memory; default 1 */
export async function startStack(options: {
  apps: AppName[];
  apiCount?: number;
  environment?: Record<string, string>;
}): Promise<Stack> {
  const [database, redis, mailbox] = await Promise.all([createTestDatabase(), startTestRedis(), startTestMailbox()]);
  const opened = openDatabase({ url: database.url, connectionsMax: 2, applicationName: 'test-stack' });
  const eventId = await loadDemonstration(opened);
  await opened.close();

  const apiPorts: number[] = [];
  for (let index = 0; index < (options.apiCount ?? 1); index++) apiPorts.push(await freePort());
  const [gatewayPort, workerPort] = [await freePort(), await freePort()];
  const apiUrls = apiPorts.map((port) => `http://localhost:${port}`);
  const lines: string[] = [];
  const environment = {
    GATEWAY_PORT: String(gatewayPort),
    WORKER_PORT: String(workerPort),
    PUBLIC_URL: apiUrls[0],
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    SMTP_URL: mailbox.url,
    APP_SECRET: SECRET,
    LOG_LEVEL: 'warn',
    ...options.environment,
  };
  const say = (line: string) => lines.push(line);
  const start = (name: AppName, port: number) =>
    startApp({ name, port, environment: { ...environment, ...(name === 'api' && { PORT: String(port) }) }, say });
  const apps = options.apps.flatMap((name) => {
    if (name === 'api') return apiPorts.map((port) => start(name, port));
    return [start(name, name === 'gateway' ? gatewayPort : workerPort)];
  });
  const stack: Stack = {
    apiUrl: apiUrls[0] as string,
    apiUrls,
    gatewayUrl: `http://localhost:${gatewayPort}`,
    workerUrl: `http://localhost:${workerPort}`,
    databaseUrl: database.url,
    eventId,
    secret: SECRET,
    redis,
    mailbox,
    apps,
    lines,
    async stop() {
      await Promise.all(apps.map((app) => app.stop()));
      await Promise.all([redis.stop(), mailbox.stop(), database.drop()]);
    },
  };
  try {
    await Promise.all(apps.map((app) => app.ready()));
  } catch (error) {
    await stack.stop();
    throw new Error(`The stack did not start: ${lines.join('\n')}`, { cause: error });
  }
  return stack;
}
