import { runApp } from '#platform';
import { startApi } from './api.ts';

await runApp('api', startApi);
