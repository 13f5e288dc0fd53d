import { runApp } from '#platform';
import { startGateway } from './gateway.ts';

await runApp('gateway', startGateway);
