/** A process with peers in it. The bench forks it, commands it over the channel, and may kill it. */
import type { ToHost } from './peer-messages.ts';
import { PeerHost } from './peer-host.ts';

const host = new PeerHost({
  send: (words) => void process.send?.(words),
  // The channel to the bench is the one pipe that may be open.
  remaining: () => process.getActiveResourcesInfo().filter((resource) => resource !== 'PipeWrap'),
  leave: () => process.disconnect(),
});

// The bench is gone: so must we be. Ctrl+C reaches the whole terminal, but ending is the bench's to say.
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => undefined);
process.on('message', (orders) => {
  host.hear(orders as ToHost);
});
