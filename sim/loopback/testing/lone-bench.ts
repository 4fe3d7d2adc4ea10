/** A bench in a process of its own, to be killed: starts the peer it is told to and waits. */
import { ChildPeer } from '../child-peer.ts';
import type { PeerOrder } from '../peer-orders.ts';

const order = JSON.parse(process.argv[2] ?? '') as PeerOrder;
const nothing = (): void => undefined;
await ChildPeer.start(order, { onEvent: nothing, onLeftBehind: nothing, onLost: nothing });
process.stdout.write('started\n');
setInterval(nothing, 60_000);
