/** How a host is connected to everybody else, and the constants of the network. */
import { micros, type Micros } from '../micros.ts';

/** The access link of a host. What lies between two access links is a path with no limit of its own. */
export type Access = {
  /** Above 0. */
  readonly upBytesPerSec: number;
  readonly downBytesPerSec: number;
  /** From this host to any other, one way. */
  readonly delay: Micros;
  /** At most this much is added to the delay, evenly drawn; a stream keeps its order all the same. */
  readonly jitter: Micros;
  /** The probability that a packet of 1,448 bytes which this host sends must be sent again. */
  readonly loss: number;
  /** Whether this host can call and not be called. */
  readonly isNatted: boolean;
};

/** Payload of a TCP segment on Ethernet: 1,500 bytes less 40 of headers and 12 of the timestamp option. */
export const packetBytes = 1_448;

/** What a link serves at a time: one block of BitTorrent, small enough for fair turns and large enough to be cheap. */
export const segmentBytes = 16_384;

/** Segments are cut at random between these two, so that no reader can rely on a block coming in one piece. */
export const leastCutBytes = 12_288;
export const mostCutBytes = 20_480;

/** What would be left of a backlog behind a cut goes along when it is no more than this: crumbs cost an event each. */
export const crumbBytes = 2_048;

/** What a stream may have waiting at the receiver's downlink before its sender serves others: the least that keeps both links busy. */
export const downlinkQueueBytes: number = 2 * segmentBytes;

/** Added to the delay of every path: two network cards and a switch. */
export const leastDelay: Micros = micros(50);

/** Linux's least retransmission timeout (TCP_RTO_MIN). */
export const retransmitAfter: Micros = micros(200_000);

/** Where the doubling of the timeout stops here: after a cut has healed, streams go on within 8 s. */
export const longestRetransmit: Micros = micros(8_000_000);

/** Calls are repeated after 1, 2, 4 and 8 s (RFC 6298), and given up after 21 s, as Windows does; Linux takes 127 s. */
export const firstCallAgain: Micros = micros(1_000_000);
export const callTimeout: Micros = micros(21_000_000);

/** The first of the ports that outgoing calls come from (RFC 6335), and how many there are. */
export const firstEphemeralPort = 49_152;
export const ephemeralPortCount: number = 65_536 - firstEphemeralPort;
