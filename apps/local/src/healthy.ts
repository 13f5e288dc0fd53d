/** The health check of a container: exit code 0 if the app on this port of the container is ready, otherwise 1. Usage: healthy.js PORT */
const answer = await fetch(`http://127.0.0.1:${process.argv[2]}/health/ready`, {
  signal: AbortSignal.timeout(2_500),
}).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);
