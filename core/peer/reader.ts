/** What has come from the other side and is still to be read, in either form (BEP 3, "peer protocol"). */
import type { Handshake } from '../wire/handshake.ts';
import type { Message } from '../wire/message.ts';
import type { Form, Saying } from '../wire/saying.ts';
import { WireError } from '../wire/error.ts';
import { Framer } from '../wire/framer.ts';
import { decodeHandshake, expectProtocol, handshakeLength } from '../wire/handshake.ts';
import { decodeMessage, encodeMessage } from '../wire/message.ts';
import { frameLength, sayingLength } from '../wire/saying.ts';

/** The bitfield of the largest torrent we open, 2^21 pieces: nothing else is as long. */
export const maxFrameBytes: number = 1 + 2 ** 18;

/** What one read of the network brings; both are borrowed until what follows from them has been dealt with. */
export type Heard =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  /** All that has arrived whole since the last time; nothing, when only a part of something came. */
  | { readonly type: 'heard'; readonly sayings: readonly Saying[] };

/** The empty message, which only says that the other is there. */
export type KeepAlive = { readonly type: 'keep-alive' };

const silence: readonly Saying[] = [];
const keepAlive: KeepAlive = { type: 'keep-alive' };

/** Both takes throw WireError on what is no such thing. */
export interface Reader {
  /** Bytes that have come and are not read. */
  readonly unread: number;
  push(heard: Heard): void;
  /** Keeps a copy of what is not read, so that what was pushed may be overwritten. */
  hold(): void;
  /** Undefined until it has all arrived. */
  takeHandshake(): Handshake | undefined;
  /** Undefined until it has all arrived. */
  takeMessage(): Message | KeepAlive | undefined;
}

export const readerOf = (form: Form): Reader =>
  form === 'values' ? new ValueReader() : new ByteReader();

class ByteReader implements Reader {
  readonly #framer = new Framer(maxFrameBytes);

  get unread(): number {
    return this.#framer.unread;
  }

  push(heard: Heard): void {
    if (heard.type !== 'bytes') throw new TypeError('this connection hears bytes');
    this.#framer.push(heard.bytes);
  }

  hold(): void {
    this.#framer.hold();
  }

  takeHandshake(): Handshake | undefined {
    const bytes = this.#framer.take(handshakeLength);
    if (bytes !== undefined) return decodeHandshake(bytes);
    expectProtocol(this.#framer.partial);
    return undefined;
  }

  takeMessage(): Message | KeepAlive | undefined {
    const frame = this.#framer.takeFrame();
    if (frame?.length === 0) return keepAlive;
    return frame === undefined ? undefined : decodeMessage(frame);
  }
}

/** Refuses what the bytes of the same sayings would be refused for. */
class ValueReader implements Reader {
  #sayings = silence;
  #at = 0;

  get unread(): number {
    return this.#rest().reduce((bytes, saying) => bytes + sayingLength(saying), 0);
  }

  push(heard: Heard): void {
    if (heard.type !== 'heard') throw new TypeError('this connection hears values');
    const isAllRead = this.#at === this.#sayings.length;
    this.#sayings = isAllRead ? heard.sayings : [...this.#rest(), ...heard.sayings];
    this.#at = 0;
  }

  hold(): void {
    this.#sayings = this.#rest();
    this.#at = 0;
  }

  takeHandshake(): Handshake | undefined {
    const saying = this.#next();
    if (saying === undefined || saying.type === 'handshake') return saying?.handshake;
    throw new WireError('bad-protocol-string', `${saying.type} before the handshake`);
  }

  takeMessage(): Message | KeepAlive | undefined {
    const saying = this.#next();
    if (saying === undefined || saying.type === 'keep-alive') return saying;
    // As a length prefix the first bytes of a handshake are far beyond the limit.
    if (saying.type === 'handshake' || frameLength(saying) > maxFrameBytes)
      throw new WireError('frame-too-long', saying.type);
    // Under the number of a message we know it is that message, and what is no such message is found out.
    return saying.type === 'unknown' ? decodeMessage(encodeMessage(saying).subarray(4)) : saying;
  }

  #next(): Saying | undefined {
    const saying = this.#sayings[this.#at];
    if (saying !== undefined) this.#at += 1;
    // What has been read is not held on to: it would outlive the moment, once for each connection.
    else this.#forget();
    return saying;
  }

  #forget(): void {
    this.#sayings = silence;
    this.#at = 0;
  }

  #rest(): readonly Saying[] {
    return this.#sayings.slice(this.#at);
  }
}
