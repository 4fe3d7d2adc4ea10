/** Seeds and fetches one torrent: the part of Swarmproof in a bench, through what the package exports. */
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { PeerOrder, ProcessOrder } from './contestant.ts';
import { Speaker } from './spoken.ts';
import { type CrewOrder, startCrew } from './swarmproof-crew.ts';

if (isMainThread) await lead();
else await follow(workerData as CrewOrder);

/** One thread for each core, with its share of the peers. */
async function lead(): Promise<void> {
  const speaker = await Speaker.hear<ProcessOrder>();
  const { cores, peers, torrentPath } = speaker.order;
  const [own = [], ...others] = dealt(peers, Math.min(cores, peers.length));
  const threads = others.map((share) => threadOf({ torrentPath, peers: share }));
  const goHere = await startCrew({ torrentPath, peers: own });
  const departures = [goHere, ...(await Promise.all(threads))];
  await speaker.begin();
  await Promise.all(departures.map((go) => go()));
  if (peers.some(({ role }) => role === 'leech')) speaker.done();
}

/** In turn, the first to the first. */
function dealt(peers: readonly PeerOrder[], count: number): readonly (readonly PeerOrder[])[] {
  return Array.from({ length: count }, (_, k) => peers.filter((_each, i) => i % count === k));
}

async function threadOf(order: CrewOrder): Promise<() => Promise<void>> {
  const thread = new Worker(new URL(import.meta.url), { workerData: order });
  await once(thread, 'message');
  return async () => {
    thread.postMessage('go');
    await once(thread, 'message');
  };
}

async function follow(order: CrewOrder): Promise<void> {
  const go = await startCrew(order);
  parentPort?.postMessage('ready');
  if (parentPort !== null) await once(parentPort, 'message');
  await go();
  parentPort?.postMessage('done');
}
