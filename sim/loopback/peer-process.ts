/** A process with one peer in it. The bench forks it, commands it over the channel, and may kill it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PlayedPeer } from './played-peer.ts';
import type { FromPeer, ToPeer } from './peer-messages.ts';
import type { PeerEvent, PeerFigures } from './peer-orders.ts';

/** Blocks are served by the thousand; a message for each would cost more than the block. */
const eventsEveryMs = 20;
/** What a stopped peer may still need to close its sockets and files. */
const restLimitMs = 1_000;

let peer: PlayedPeer | undefined;
let events: PeerEvent[] = [];

// The bench is gone: so must we be. Ctrl+C reaches the whole terminal, but ending is the bench's to say.
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => undefined);
process.on('message', (message) => void answer(message as ToPeer));

async function answer(message: ToPeer): Promise<void> {
  const { id } = message;
  try {
    const figures = await obey(message);
    flush();
    send({ type: 'done', id, figures });
  } catch (error) {
    send({ type: 'failed', id, reason: error instanceof Error ? error.message : String(error) });
  }
  if (message.type === 'stop') await end();
}

async function obey(message: ToPeer): Promise<PeerFigures> {
  if (message.type !== 'start') {
    if (peer === undefined) throw new Error('not started');
    return peer.perform(message);
  }
  peer = await PlayedPeer.start(message.order, note);
  return peer.perform({ type: 'observe' });
}

/** Keeps an event for the next message. */
function note(event: PeerEvent): void {
  if (events.length === 0) setTimeout(flush, eventsEveryMs).unref();
  events.push(event);
}

function flush(): void {
  if (events.length > 0) send({ type: 'events', events });
  events = [];
}

/** Says what was not cleaned up, if anything, and goes. */
async function end(): Promise<void> {
  let resources = remaining();
  for (let waited = 0; resources.length > 0 && waited < restLimitMs; waited += eventsEveryMs) {
    await sleep(eventsEveryMs);
    resources = remaining();
  }
  flush();
  send({ type: 'left-behind', resources });
  process.disconnect();
}

/** The channel to the bench is the one pipe that may be open; the sleep above is over when this runs. */
function remaining(): readonly string[] {
  return process.getActiveResourcesInfo().filter((resource) => resource !== 'PipeWrap');
}

const send = (message: FromPeer): void => void process.send?.(message);
