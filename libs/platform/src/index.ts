/** What every app stands on: configuration, database, Redis, logging, health, metrics, problems, graceful stop. */
export { type Configuration, ConfigurationError, readConfiguration } from './configuration.ts';
export { type Database, inTransaction, isDatabaseUnavailable, openDatabase } from './database/database.ts';
export { Prisma, type PrismaClient } from './database/generated/client.ts';
export { MIGRATIONS_FOLDER, MigrationError, migrate } from './database/migrate.ts';
export { openRedis } from './redis.ts';
