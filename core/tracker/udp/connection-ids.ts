/**
 * Connection ids that the tracker need not remember (BEP 15, "UDP connections / spoofing"): the second in which one was
 * given, of which 16 bits travel, and 48 bits of a keyed hash of that second and the client's address. Whoever does not
 * receive at an address cannot have one for it, and one that is old is not true any more, not even when the 16 bits come
 * round again.
 */
import { SipHash } from '../../bytes/siphash.ts';
import { setUint32 } from '../../bytes/uint32.ts';
import type { Instant } from '../../time.ts';
import type { UdpConnectionId } from './numbers.ts';

/** "Trackers should accept the connection ID until two minutes after it has been send": to a second longer. */
export const connectionIdSeconds = 120;

const turn = 0x1_0000;
const addressBytes = 16;

export class ConnectionIds {
  readonly #hash: SipHash;
  /** The address, how long it is, and the second. */
  readonly #message = new Uint8Array(addressBytes + 8);

  /** `secret` has 16 bytes that nobody can guess. */
  constructor(secret: Uint8Array) {
    this.#hash = new SipHash(secret);
  }

  /** One for a client at this address of 4 or 16 bytes. */
  issue(now: Instant, address: Uint8Array): UdpConnectionId {
    return this.#idOf(address, secondOf(now));
  }

  /** Whether it was given to this address lately. Takes the same time for any. */
  accepts(now: Instant, address: Uint8Array, { high, low }: UdpConnectionId): boolean {
    const second = secondOf(now);
    const age = (turn + (second % turn) - (high >>> 16)) % turn;
    const expected = this.#idOf(address, second - age);
    return age <= connectionIdSeconds && expected.high === high && expected.low === low;
  }

  #idOf(address: Uint8Array, second: number): UdpConnectionId {
    const message = this.#message;
    message.fill(0);
    message.set(address);
    setUint32(message, addressBytes, address.length);
    setUint32(message, addressBytes + 4, second);
    this.#hash.digest(message);
    const { high, low } = this.#hash;
    return { high: (((second % turn) << 16) | (high & 0xffff)) >>> 0, low };
  }
}

const secondOf = (now: Instant): number => Math.floor(now / 1_000);
