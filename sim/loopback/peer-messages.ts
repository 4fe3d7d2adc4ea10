/** What the bench and a host of peers say to each other; a host is a process or a thread with one or many peers in it. */
import type { PeerCommand, PeerEvent, PeerFigures, PeerOrder } from './peer-orders.ts';

/** `kill` ends a peer as a crash does; `end` is for the host, whose peers have all ended. */
export type HostOrder =
  | { readonly type: 'start'; readonly order: PeerOrder }
  | { readonly type: 'tell'; readonly peer: string; readonly command: PeerCommand }
  | { readonly type: 'kill'; readonly peer: string }
  | { readonly type: 'end' };

/** To the host, all that is ordered in one turn together. `id` counts up and comes back in the answer. */
export type ToHost = readonly (HostOrder & { readonly id: number })[];

/** From the host, many at a time. Events come in order, and before the answer to what caused them. */
export type FromHost = readonly HostWord[];

export type HostWord =
  | { readonly type: 'done'; readonly id: number; readonly figures: PeerFigures | undefined }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string }
  | { readonly type: 'event'; readonly peer: string; readonly event: PeerEvent }
  /** What still kept the host alive when its peers had stopped. */
  | { readonly type: 'left-behind'; readonly resources: readonly string[] };
