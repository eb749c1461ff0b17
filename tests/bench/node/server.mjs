// The gateway of the Node.js stack: POST /submissions -> BullMQ -> 201; a completed job is pushed to whoever subscribed.
//
//     node server.mjs REDIS_SOCKET PORT_FILE
//
// Speaks so much of pushjudge's protocol that one load generator serves both. Durability is Redis's: it answers a
// command when the append-only file with it is on the disk.
import { randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { Queue, QueueEvents } from 'bullmq';
import Fastify from 'fastify';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';

const [redisSocket, portFile] = process.argv.slice(2);
const kRememberedMax = 20_000;

// Commands of one turn of the event loop travel together, as they would be set up for speed.
const commands = new Redis(redisSocket, { maxRetriesPerRequest: null, enableAutoPipelining: true });
const queue = new Queue('judge', { connection: commands });
const events = new QueueEvents('judge', { connection: new Redis(redisSocket, { maxRetriesPerRequest: null }) });
await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);

const subscribers = new Map(); // token -> Set of sockets
const remembered = new Map(); // token -> message, for who subscribes after the job was completed

events.on('completed', ({ jobId, returnvalue }) => {
  const message = JSON.stringify({
    type: 'event',
    channel: `submission:${jobId}`,
    event: 'finished',
    submission: returnvalue,
  });
  remembered.set(jobId, message);
  if (remembered.size > kRememberedMax) remembered.delete(remembered.keys().next().value);
  for (const socket of subscribers.get(jobId) ?? []) socket.send(message);
});

const app = Fastify({ logger: false });

const submission = {
  type: 'object',
  required: ['source_code', 'language_id'],
  properties: {
    source_code: { type: 'string' },
    language_id: { type: 'integer' },
    stdin: { type: 'string' },
    expected_output: { type: 'string' },
  },
};
const accepted = {
  type: 'object',
  properties: {
    token: { type: 'string' },
    channel: { type: 'string' },
    epoch: { type: 'string' },
    seq: { type: 'integer' },
  },
};

app.post('/submissions', { schema: { body: submission, response: { 201: accepted } } }, async (request, reply) => {
  const token = randomUUID();
  await queue.add('run', request.body, { jobId: token });
  return reply.code(201).send({ token, channel: `submission:${token}`, epoch: 'node', seq: 1 });
});

app.get('/health', async () => {
  const counts = await queue.getJobCounts('waiting', 'active');
  return { queued: counts.waiting, running: counts.active };
});

await app.listen({ host: '127.0.0.1', port: 0 });

new WebSocketServer({ server: app.server, path: '/ws' }).on('connection', (socket) => {
  const mine = new Set();
  const leave = (token) => {
    const sockets = subscribers.get(token);
    sockets?.delete(socket);
    if (sockets?.size === 0) subscribers.delete(token);
  };
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    const token = message.channel.slice('submission:'.length);
    if (message.type === 'unsubscribe') {
      mine.delete(token);
      leave(token);
      return;
    }
    mine.add(token);
    let sockets = subscribers.get(token);
    if (!sockets) subscribers.set(token, (sockets = new Set()));
    sockets.add(socket);
    const known = remembered.get(token);
    if (known) socket.send(known);
  });
  socket.on('close', () => mine.forEach(leave));
});

writeFileSync(`${portFile}.new`, `${app.server.address().port}\n`);
renameSync(`${portFile}.new`, portFile);
