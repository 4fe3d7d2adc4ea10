/**
 * One peer connection as a machine: no socket, no clock, no timer (BEP 3, BEP 6, BEP 10).
 *
 *   outgoing: open() ─▶ handshaking ──────────────handshake ok──────────▶ open ──┐
 *   incoming: handshaking ──hello──▶ greeted ──open()──▶ open                    │
 *        └────────────── any error, eof, close, silence ──▶ closed ◀─────────────┘
 */
import type { Duration, Instant } from '../time.ts';
import type { PieceIndex } from '../torrent/ids.ts';
import type { Pieces } from '../torrent/pieces.ts';
import type { WireErrorCode } from '../wire/error.ts';
import type { ExtensionHandshake } from '../wire/extension.ts';
import type { Handshake } from '../wire/handshake.ts';
import type { Message } from '../wire/message.ts';
import type { Violation } from './validation.ts';
import { never } from '../never.ts';
import { after, earlier, seconds } from '../time.ts';
import { WireError } from '../wire/error.ts';
import {
  decodeExtensionHandshake,
  encodeExtensionHandshake,
  extensionHandshakeId,
  extensionIds,
} from '../wire/extension.ts';
import { ltDonthave } from '../wire/extensions/lt-donthave.ts';
import { Framer } from '../wire/framer.ts';
import {
  decodeHandshake,
  encodeHandshake,
  expectProtocol,
  handshakeLength,
  supportsExtension,
  supportsFast,
} from '../wire/handshake.ts';
import { decodeMessage, encodeMessage, encodePieceHeader } from '../wire/message.ts';
import { violationOf } from './validation.ts';

/** What can happen to a connection: the first three come from the network, the rest from the owner. */
export type ConnectionInput =
  /** `bytes` are borrowed until the call returns. */
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'eof' }
  | { readonly type: 'tick' }
  | { readonly type: 'send'; readonly message: Message }
  | { readonly type: 'close'; readonly reason?: CloseReason };

/** What the owner must now do, in order. Blocks and payloads in messages are borrowed like the bytes they came in. */
export type ConnectionOutput =
  /** A piece message is two of these: its header, and the very block that was sent. */
  | { readonly type: 'transmit'; readonly bytes: Uint8Array }
  | { readonly type: 'disconnect'; readonly reason: CloseReason }
  /** Only when called: this is the torrent the caller means. Answer with `open` before the next input. */
  | { readonly type: 'hello'; readonly remote: Handshake }
  | { readonly type: 'ready'; readonly remote: Handshake }
  | { readonly type: 'received'; readonly message: Message }
  | { readonly type: 'extensions'; readonly remote: ExtensionHandshake }
  /** The peer no longer has this piece (BEP 54). */
  | { readonly type: 'lost'; readonly piece: PieceIndex };

export type CloseReason =
  | 'local'
  | 'eof'
  | 'silent'
  | 'handshake-timeout'
  | 'wrong-torrent'
  | 'message-storm'
  | WireErrorCode
  | Violation
  // What only the owner can know.
  | 'unknown-torrent'
  | 'torrent-stopped'
  | 'self'
  | 'duplicate'
  | 'banned'
  | 'too-many'
  | 'both-seeds'
  | 'idle'
  | 'request-flood';

export type ConnectionOptions = {
  readonly outgoing: boolean;
  /** Both handshakes must be through in this time. */
  readonly handshakeLimit: Duration;
  /** Drop a peer that has sent nothing, not even a keep-alive, for this long. */
  readonly silenceLimit: Duration;
  /** Send a keep-alive when nothing was sent for this long. */
  readonly keepAliveEvery: Duration;
};

/** What we say of ourselves, once the torrent is known. */
export type LocalHello = {
  readonly handshake: Handshake;
  readonly pieces: Pieces;
  /** Sent when the other side speaks BEP 10. */
  readonly extensions?: ExtensionHandshake;
};

/** The bitfield of the largest torrent we open, 2^21 pieces: nothing else is as long. */
export const maxFrameBytes: number = 1 + 2 ** 18;

/** No honest peer changes its mind (choke, interest) a hundred times a second. */
export const maxChangesPerWindow = 1_000;
const changesWindow = seconds(10);

/** The extensions we understand (BEP 10), to be named in `LocalHello`. */
export const localExtensionIds: ReadonlyMap<string, number> = extensionIds([ltDonthave]);

type State =
  | { readonly name: 'handshaking' }
  | { readonly name: 'greeted'; readonly remote: Handshake }
  | { readonly name: 'open'; readonly remote: Handshake }
  | { readonly name: 'closed' };

const keepAlive = new Uint8Array(4);
const nothing: readonly ConnectionOutput[] = [];

export class PeerConnection {
  readonly #options: ConnectionOptions;
  readonly #framer = new Framer(maxFrameBytes);
  readonly #startedAt: Instant;
  #state: State = { name: 'handshaking' };
  #local: LocalHello | undefined;
  #remoteExtensions: ExtensionHandshake | undefined;
  #amChoking = true;
  #amInterested = false;
  #peerChoking = true;
  #peerInterested = false;
  /** Nothing has come yet that a bitfield may not follow. */
  #isFirst = true;
  #changes = 0;
  #changesSince: Instant;
  #heardAt: Instant;
  #spokeAt: Instant;
  #outputs: ConnectionOutput[] = [];

  constructor(now: Instant, options: ConnectionOptions) {
    this.#options = options;
    this.#startedAt = now;
    this.#changesSince = now;
    this.#heardAt = now;
    this.#spokeAt = now;
  }

  /** We do not serve the peer. */
  get amChoking(): boolean {
    return this.#amChoking;
  }

  /** We want something the peer has. */
  get amInterested(): boolean {
    return this.#amInterested;
  }

  /** The peer does not serve us. */
  get peerChoking(): boolean {
    return this.#peerChoking;
  }

  /** The peer wants something we have. */
  get peerInterested(): boolean {
    return this.#peerInterested;
  }

  /** Both sides speak the fast extension (BEP 6). */
  get fast(): boolean {
    if (this.#state.name !== 'open' || this.#local === undefined) return false;
    return (
      supportsFast(this.#local.handshake.reserved) && supportsFast(this.#state.remote.reserved)
    );
  }

  /** What the peer has said of itself (BEP 10); `undefined` before it does. */
  get remoteExtensions(): ExtensionHandshake | undefined {
    return this.#remoteExtensions;
  }

  /** When `handle` next wants a `tick`, if nothing else happens first. */
  get deadline(): Instant | undefined {
    if (this.#state.name === 'closed') return undefined;
    const silent = after(this.#heardAt, this.#options.silenceLimit);
    if (this.#state.name === 'open')
      return earlier(silent, after(this.#spokeAt, this.#options.keepAliveEvery));
    return after(this.#startedAt, this.#options.handshakeLimit);
  }

  /** Sends our half of the handshake. Dialling, call it when the dial is through; called, in answer to `hello`. */
  open(now: Instant, local: LocalHello): readonly ConnectionOutput[] {
    if (this.#state.name === 'closed' || this.#local !== undefined) return nothing;
    this.#local = local;
    this.#transmit(now, encodeHandshake(local.handshake));
    if (this.#state.name === 'greeted') {
      this.#become(now, this.#state.remote);
      this.#read(now);
    }
    return this.#drain();
  }

  /** Takes one input and returns everything it causes. Never throws on what the remote sent. */
  // prettier-ignore
  handle(now: Instant, input: ConnectionInput): readonly ConnectionOutput[] {
    if (this.#state.name === 'closed') return nothing;
    switch (input.type) {
      case 'bytes': this.#receive(now, input.bytes); break;
      case 'eof':   this.#close('eof'); break;
      case 'tick':  this.#tick(now); break;
      case 'send':  this.#send(now, input.message); break;
      case 'close': this.#close(input.reason ?? 'local'); break;
      default:      never(input);
    }
    return this.#drain();
  }

  #receive(now: Instant, bytes: Uint8Array): void {
    this.#heardAt = now;
    this.#framer.push(bytes);
    if (this.#state.name === 'greeted' && this.#framer.unread > maxFrameBytes)
      return this.#close('frame-too-long');
    this.#read(now);
  }

  #read(now: Instant): void {
    try {
      if (this.#state.name === 'handshaking') this.#readHandshake(now);
      while (this.#state.name === 'open' && this.#readMessage(now));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#close(error.code);
    }
  }

  #readHandshake(now: Instant): void {
    const bytes = this.#framer.take(handshakeLength);
    if (bytes === undefined) return expectProtocol(this.#framer.partial);
    const remote = decodeHandshake(bytes);
    if (!this.#options.outgoing) {
      this.#state = { name: 'greeted', remote };
      this.#outputs.push({ type: 'hello', remote });
    } else if (remote.infoHash === this.#local?.handshake.infoHash) this.#become(now, remote);
    else this.#close('wrong-torrent');
  }

  #become(now: Instant, remote: Handshake): void {
    this.#state = { name: 'open', remote };
    this.#outputs.push({ type: 'ready', remote });
    const { extensions, handshake } = this.#local as LocalHello;
    const agreed = supportsExtension(remote.reserved) && supportsExtension(handshake.reserved);
    if (extensions === undefined || !agreed) return;
    const payload = encodeExtensionHandshake(extensions);
    this.#send(now, { type: 'extended', extendedId: extensionHandshakeId, payload });
  }

  /** Reads one message if a whole one has arrived; says whether it did. */
  #readMessage(now: Instant): boolean {
    const frame = this.#framer.takeFrame();
    if (frame === undefined) return false;
    if (frame.length > 0) this.#received(now, decodeMessage(frame));
    return true;
  }

  #received(now: Instant, message: Message): void {
    const { pieces } = this.#local as LocalHello;
    const violation = violationOf(message, { pieces, fast: this.fast, isFirst: this.#isFirst });
    if (violation !== undefined) return this.#close(violation);
    if (message.type === 'extended') return this.#extended(message);
    if (message.type !== 'unknown') this.#isFirst = false;
    this.#follow(now, message);
    if (this.#state.name === 'open') this.#outputs.push({ type: 'received', message });
  }

  /** Keeps the peer's half of the state, and count of how often it changes its mind. */
  #follow(now: Instant, { type }: Message): void {
    if (type === 'choke' || type === 'unchoke') this.#peerChoking = type === 'choke';
    else if (type === 'interested' || type === 'not-interested')
      this.#peerInterested = type === 'interested';
    else return;
    if (after(this.#changesSince, changesWindow) <= now) {
      this.#changesSince = now;
      this.#changes = 0;
    }
    this.#changes += 1;
    if (this.#changes > maxChangesPerWindow) this.#close('message-storm');
  }

  #extended(message: Extract<Message, { readonly type: 'extended' }>): void {
    const { extendedId, payload } = message;
    if (extendedId === extensionHandshakeId) {
      this.#remoteExtensions = { ...this.#remoteExtensions, ...decodeExtensionHandshake(payload) };
      this.#outputs.push({ type: 'extensions', remote: this.#remoteExtensions });
    } else if (extendedId === this.#local?.extensions?.ids.get(ltDonthave.name)) {
      const piece = ltDonthave.decode(payload);
      if (piece !== undefined) this.#outputs.push({ type: 'lost', piece });
    } else this.#outputs.push({ type: 'received', message });
  }

  #tick(now: Instant): void {
    if (this.#state.name !== 'open') {
      const isLate = now >= after(this.#startedAt, this.#options.handshakeLimit);
      return isLate ? this.#close('handshake-timeout') : undefined;
    }
    if (now >= after(this.#heardAt, this.#options.silenceLimit)) return this.#close('silent');
    if (now >= after(this.#spokeAt, this.#options.keepAliveEvery)) this.#transmit(now, keepAlive);
  }

  /** Before the handshakes are through there is nobody to hear a message. */
  #send(now: Instant, message: Message): void {
    if (this.#state.name !== 'open') return;
    if (message.type === 'choke' || message.type === 'unchoke')
      this.#amChoking = message.type === 'choke';
    if (message.type === 'interested' || message.type === 'not-interested')
      this.#amInterested = message.type === 'interested';
    if (message.type !== 'piece') return this.#transmit(now, encodeMessage(message));
    const { piece, begin, block } = message;
    this.#transmit(now, encodePieceHeader({ piece, begin, length: block.length }));
    this.#transmit(now, block);
  }

  #transmit(now: Instant, bytes: Uint8Array): void {
    this.#spokeAt = now;
    this.#outputs.push({ type: 'transmit', bytes });
  }

  #close(reason: CloseReason): void {
    this.#state = { name: 'closed' };
    this.#outputs.push({ type: 'disconnect', reason });
  }

  #drain(): readonly ConnectionOutput[] {
    if (this.#outputs.length === 0) return nothing;
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }
}
