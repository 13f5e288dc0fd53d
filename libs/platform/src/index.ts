/** The parts that all apps use: configuration, database, Redis, logging, health, metrics, start and graceful stop. */
export { type RunningApp, runApp } from './app.ts';
export { AppServer, openAppServer } from './app-server.ts';
export { batchLoader } from './batch-loader.ts';
export { BoundedLog } from './bounded-log.ts';
export { Configuration, Environment, readConfiguration } from './configuration.ts';
export {
  checkAtStart,
  Database,
  databaseChecks,
  inTransaction,
  isDatabaseUnavailable,
  openDatabase,
  prepared,
  sqlState,
} from './database/database.ts';
export { Prisma, type PrismaClient } from './database/generated/client.ts';
export { MigrationError, migrate } from './database/migrate.ts';
export { MIGRATIONS_FOLDER } from './database/migrations.ts';
export { endWithoutWaiting, requireServer } from './database/session.ts';
export { type HealthCheck, PartError, type PartErrorCode, type Readiness, readiness } from './health.ts';
export { AppLogger, createLogger } from './logging.ts';
export { Metrics, metricsPorts, openMetrics } from './metrics.ts';
export { Clients } from './network.ts';
export { oneLine } from './one-line.ts';
export { originsOf } from './origins.ts';
export { addProbes } from './probes.ts';
export { providerOf } from './provider-of.ts';
export { openRedis } from './redis.ts';
export { checkRedis, redisPartError, warnOfRedis } from './redis-check.ts';
export { PROJECT_ROOT } from './root.ts';
export { ConfigurationError, secretVariables, withSecrets } from './secrets.ts';
export { securityHeaders } from './security-headers.ts';
export { within } from './within.ts';
export { formatDay, formatPeriod, formatTime, formatWeekdayAndTime } from './zoned-times.ts';
