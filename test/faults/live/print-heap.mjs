// Preloaded into a gateway. At a signal it collects garbage and prints its memory in MB. (Resident memory depends on the last collection of
// V8.)
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  console.log(`heap ${process.pid} ${Math.round((heapUsed + external) / 1_048_576)}`);
});
