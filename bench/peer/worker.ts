/**
 * The peer's worker process: what BullMQ hands it goes into the recipient's mailbox, a record and an entry of a sorted set, as
 * simply as Redis can. Beside it nothing of ours runs.
 */
import { Worker } from 'bullmq';
import { connect, disconnect } from '#engine/redis/connect.ts';
import { CONCURRENCY, type Job, QUEUE, reachOf } from './queue.ts';

const [port = '0'] = process.argv.slice(2);
const redis = connect(`redis://127.0.0.1:${port}`, (error) => console.error(error.message));
const worker = new Worker<Job>(
  QUEUE,
  async ({ data }) => {
    await redis.multi().set(`case:${data.id}`, data.body).zadd(`box:${data.recipient}`, Date.now(), data.id).exec();
  },
  { connection: reachOf(Number(port)), concurrency: CONCURRENCY, removeOnComplete: { count: 0 } },
);
await worker.waitUntilReady();
console.log('ready');
process.once('SIGTERM', () => {
  void worker.close().then(() => disconnect(redis));
});
