/** The numbers of the UDP tracker protocol (BEP 15). */
import { setUint32, uint32At } from '../../bytes/uint32.ts';
import type { AnnounceEvent } from '../announce.ts';

/** What opens a connect request, in place of a connection id. */
export const protocolId = { high: 0x417, low: 0x2710_1980 } as const;

export const action = { connect: 0, announce: 1, scrape: 2, error: 3 } as const;

/** Proves that a client receives what is sent to its address: 64 bits, as two halves of 32. */
export type UdpConnectionId = { readonly high: number; readonly low: number };

/** Every request has a connection id, an action and a transaction id. */
export const requestHeadBytes = 16;
/** Every answer has an action and a transaction id. */
export const answerHeadBytes = 8;

/** `paused` is 4 with every client that knows BEP 21, though no BEP says so. */
const events: readonly (AnnounceEvent | undefined)[] = [
  undefined,
  'completed',
  'started',
  'stopped',
  'paused',
];

/** An event that nobody knows is a regular announce, as over HTTP. */
export const eventOf = (number: number): AnnounceEvent | undefined => events[number];

export const numberOf = (event: AnnounceEvent | undefined): number => events.indexOf(event);

/** The count at `at`, 64 bits. What is beyond exact numbers stays large: it must never wrap round to 0. */
export const countAt = (bytes: Uint8Array, at: number): number =>
  Math.min(uint32At(bytes, at) * 2 ** 32 + uint32At(bytes, at + 4), Number.MAX_SAFE_INTEGER);

export function setCount(bytes: Uint8Array, at: number, count: number): void {
  setUint32(bytes, at, Math.floor(count / 2 ** 32));
  setUint32(bytes, at + 4, count >>> 0);
}
