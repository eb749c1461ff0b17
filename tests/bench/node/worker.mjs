// The worker of the Node.js stack: completes every job at once.
//
//     node worker.mjs REDIS_SOCKET SLOTS WORKERS
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';

const [redisSocket, slots, count] = process.argv.slice(2);

const report = {
  verdict: 'accepted',
  exit_code: 0,
  time: '0.001',
  memory: 1024,
  stdout: '2\n',
  stderr: null,
  compile_output: null,
};

// A BullMQ worker fetches its jobs one after the other, each with a durable write, whatever its concurrency is; several
// are faster than one.
const connection = new Redis(redisSocket, { maxRetriesPerRequest: null, enableAutoPipelining: true });
const workers = Array.from({ length: Number(count) }, () => {
  const worker = new Worker('judge', async () => report, {
    connection,
    concurrency: Math.ceil(Number(slots) / Number(count)),
  });
  return worker.on('error', (error) => {
    console.error(error);
    process.exit(1);
  });
});
process.once('SIGTERM', async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  process.exit(0);
});
