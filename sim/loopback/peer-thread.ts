/** A thread with peers in it. The bench starts it, commands it over its port, and may end it. */
import { parentPort } from 'node:worker_threads';
import type { ToHost } from './peer-messages.ts';
import { PeerHost } from './peer-host.ts';

const port = parentPort;
if (port === null) throw new Error('this is no program: the bench starts it in a thread');

const host = new PeerHost({
  send: (words) => {
    port.postMessage(words);
  },
  remaining: () =>
    process.getActiveResourcesInfo().filter((resource) => resource !== 'MessagePort'),
  leave: () => {
    port.close();
  },
});

port.on('message', (orders) => {
  host.hear(orders as ToHost);
});
