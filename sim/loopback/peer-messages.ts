/** What the bench and a peer in a process of its own say to each other. */
import type { PeerCommand, PeerEvent, PeerFigures, PeerOrder } from './peer-orders.ts';

/** To the peer. `id` counts up and comes back in the answer. */
export type ToPeer = { readonly id: number } & (
  { readonly type: 'start'; readonly order: PeerOrder } | PeerCommand
);

/** From the peer. Events come in order, and before the answer to what caused them. */
export type FromPeer =
  | { readonly type: 'done'; readonly id: number; readonly figures: PeerFigures }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string }
  | { readonly type: 'events'; readonly events: readonly PeerEvent[] }
  /** What still kept the process alive when its peer had stopped. */
  | { readonly type: 'left-behind'; readonly resources: readonly string[] };
