/**
 * One peer connection as a machine: no socket, no clock, no timer (BEP 3, BEP 6, BEP 10).
 *
 *   outgoing: open() ─▶ handshaking ──────────handshake ok─────────▶ open ──┐
 *   incoming: handshaking ──hello──▶ greeted ──open()──▶ open               │
 *        └──────────── any error, eof, close, silence ──▶ closed ◀──────────┘
 */
import type { Duration, Instant } from '../time.ts';
import type { Pieces } from '../torrent/pieces.ts';
import type { ExtensionHandshake } from '../wire/extension.ts';
import type { Handshake } from '../wire/handshake.ts';
import type { Message } from '../wire/message.ts';
import type { Form, Saying } from '../wire/saying.ts';
import type { CloseReason } from './close-reason.ts';
import type { ExtensionNews } from './extensions.ts';
import type { Heard } from './reader.ts';
import { never } from '../never.ts';
import { Outputs } from '../outputs.ts';
import { after, earlier } from '../time.ts';
import { WireError } from '../wire/error.ts';
import { encodeExtensionHandshake, extensionHandshakeId } from '../wire/extension.ts';
import { supportsExtension, supportsFast } from '../wire/handshake.ts';
import { encodePieceHeader } from '../wire/message.ts';
import { encodeSaying, sayingLength } from '../wire/saying.ts';
import { Dialogue } from './dialogue.ts';
import { PeerExtensions } from './extensions.ts';
import { type Reader, maxFrameBytes, readerOf } from './reader.ts';

export type { CloseReason } from './close-reason.ts';
export { localExtensionIds } from './extensions.ts';
export { maxFrameBytes } from './reader.ts';

/** What can happen to a connection: what is heard, eof and tick come from the network, the rest from the owner. */
export type ConnectionInput =
  | Heard
  | { readonly type: 'eof' }
  | { readonly type: 'tick' }
  | { readonly type: 'send'; readonly message: Message }
  | { readonly type: 'close'; readonly reason?: CloseReason };

/** What the owner must now do, in order. Blocks and payloads in messages are borrowed like the bytes they came in. */
export type ConnectionOutput =
  /** A piece message is two of these: its header, and the very block that was sent. */
  | { readonly type: 'transmit'; readonly bytes: Uint8Array }
  /** Instead of that in form `values`; `length` is in bytes on the wire. */
  | { readonly type: 'say'; readonly saying: Saying; readonly length: number }
  | { readonly type: 'disconnect'; readonly reason: CloseReason }
  /** Only when called: this is the torrent the caller means. Answer with `open`; until then its messages wait. */
  | { readonly type: 'hello'; readonly remote: Handshake }
  | { readonly type: 'ready'; readonly remote: Handshake }
  /** Checked against the torrent. What changes nothing (a choke when choked) is not told. */
  | { readonly type: 'received'; readonly message: Message }
  | ExtensionNews;

export type ConnectionOptions = {
  readonly outgoing: boolean;
  /** Bytes unless said. */
  readonly form?: Form | undefined;
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
  /** Sent when the other side speaks BEP 10; `ids` are `localExtensionIds`. */
  readonly extensions?: ExtensionHandshake;
};

type State =
  | { readonly name: 'handshaking'; readonly local?: LocalHello }
  | { readonly name: 'greeted'; readonly remote: Handshake }
  | { readonly name: 'open' | 'closed' };

/** The same for all connections: what is looked at for every message should lie in few places. */
const open: State = { name: 'open' };
const closed: State = { name: 'closed' };

const keepAlive: Saying = { type: 'keep-alive' };
const nothing: readonly ConnectionOutput[] = [];

export class PeerConnection {
  readonly #options: ConnectionOptions;
  readonly #reader: Reader;
  readonly #extensions = new PeerExtensions();
  readonly #startedAt: Instant;
  #state: State = { name: 'handshaking' };
  /** Stays readable after the end. */
  #dialogue: Dialogue | undefined;
  #heardAt: Instant;
  #spokeAt: Instant;
  readonly #outputs: Outputs<ConnectionOutput> = new Outputs();

  constructor(now: Instant, options: ConnectionOptions) {
    this.#options = options;
    this.#reader = readerOf(options.form ?? 'bytes');
    this.#startedAt = now;
    this.#heardAt = now;
    this.#spokeAt = now;
  }

  /** We do not serve the peer. */
  get amChoking(): boolean {
    return this.#dialogue?.amChoking ?? true;
  }

  /** We want something the peer has. */
  get amInterested(): boolean {
    return this.#dialogue?.amInterested ?? false;
  }

  /** The peer does not serve us. */
  get peerChoking(): boolean {
    return this.#dialogue?.peerChoking ?? true;
  }

  /** The peer wants something we have. */
  get peerInterested(): boolean {
    return this.#dialogue?.peerInterested ?? false;
  }

  /** Both sides speak the fast extension (BEP 6). */
  get fast(): boolean {
    return this.#dialogue?.fast ?? false;
  }

  /** What the peer has said of itself (BEP 10); `undefined` before it does. */
  get remoteExtensions(): ExtensionHandshake | undefined {
    return this.#extensions.remote;
  }

  /** When `handle` next wants a `tick`, if nothing else happens first. */
  get deadline(): Instant | undefined {
    if (this.#state.name === 'closed') return undefined;
    if (this.#state.name !== 'open') return after(this.#startedAt, this.#options.handshakeLimit);
    const silent = after(this.#heardAt, this.#options.silenceLimit);
    return earlier(silent, after(this.#spokeAt, this.#options.keepAliveEvery));
  }

  /** Sends our half of the handshake. Dialling, call it when the dial is through; called, in answer to `hello`. */
  open(now: Instant, local: LocalHello): readonly ConnectionOutput[] {
    const state = this.#state;
    if (state.name === 'greeted') {
      this.#say(now, { type: 'handshake', handshake: local.handshake });
      this.#becomeOpen(now, local, state.remote);
      this.#read(now);
    } else if (
      state.name === 'handshaking' &&
      state.local === undefined &&
      this.#options.outgoing
    ) {
      this.#say(now, { type: 'handshake', handshake: local.handshake });
      this.#state = { name: 'handshaking', local };
    }
    return this.#outputs.take();
  }

  /** Takes one input and returns everything it causes. Never throws on what the remote sent. */
  // prettier-ignore
  handle(now: Instant, input: ConnectionInput): readonly ConnectionOutput[] {
    if (this.#state.name === 'closed') return nothing;
    switch (input.type) {
      case 'bytes':
      case 'heard': this.#receive(now, input); break;
      case 'eof':   this.#close('eof'); break;
      case 'tick':  this.#tick(now); break;
      case 'send':  this.#send(now, input.message); break;
      case 'close': this.#close(input.reason ?? 'local'); break;
      default:      never(input);
    }
    return this.#outputs.take();
  }

  #receive(now: Instant, heard: Heard): void {
    this.#heardAt = now;
    this.#reader.push(heard);
    this.#read(now);
    if (this.#state.name !== 'greeted') return;
    if (this.#reader.unread > maxFrameBytes) this.#close('frame-too-long');
    else this.#reader.hold();
  }

  #read(now: Instant): void {
    try {
      if (this.#state.name === 'handshaking') this.#readHandshake(now, this.#state.local);
      while (this.#state.name === 'open' && this.#readMessage(now));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#close(error.code);
    }
  }

  #readHandshake(now: Instant, local: LocalHello | undefined): void {
    const remote = this.#reader.takeHandshake();
    if (remote === undefined) return;
    if (!this.#options.outgoing) {
      this.#state = { name: 'greeted', remote };
      this.#outputs.add({ type: 'hello', remote });
    } else if (local?.handshake.infoHash === remote.infoHash) this.#becomeOpen(now, local, remote);
    else this.#close('wrong-torrent');
  }

  #becomeOpen(now: Instant, local: LocalHello, remote: Handshake): void {
    const { handshake, pieces, extensions } = local;
    const agreed = (supports: (reserved: Uint8Array) => boolean): boolean =>
      supports(handshake.reserved) && supports(remote.reserved);
    const extension = agreed(supportsExtension);
    const dialogue = new Dialogue(now, { pieces, fast: agreed(supportsFast), extension });
    this.#dialogue = dialogue;
    this.#state = open;
    this.#outputs.add({ type: 'ready', remote });
    if (extensions === undefined || !extension) return;
    const payload = encodeExtensionHandshake(extensions);
    this.#send(now, { type: 'extended', extendedId: extensionHandshakeId, payload });
  }

  /** Reads one message if a whole one has arrived; says whether it did. */
  #readMessage(now: Instant): boolean {
    const dialogue = this.#dialogue;
    const message = this.#reader.takeMessage();
    if (message === undefined || dialogue === undefined) return false;
    if (message.type === 'keep-alive') {
      if (!dialogue.mayChatter(now)) this.#close('message-storm');
      return true;
    }
    const verdict = dialogue.heard(now, message);
    if (verdict === 'repeated') return true;
    if (verdict !== 'news') this.#close(verdict);
    else if (message.type === 'extended') this.#extended(dialogue, message);
    else this.#outputs.add({ type: 'received', message });
    return true;
  }

  #extended(dialogue: Dialogue, message: Extract<Message, { readonly type: 'extended' }>): void {
    const news = this.#extensions.heard(message);
    if (news.type === 'lost' && !dialogue.isPiece(news.piece))
      return this.#close('piece-out-of-range');
    this.#outputs.add(news);
  }

  #tick(now: Instant): void {
    if (this.#state.name !== 'open') {
      const isLate = now >= after(this.#startedAt, this.#options.handshakeLimit);
      return isLate ? this.#close('handshake-timeout') : undefined;
    }
    if (now >= after(this.#heardAt, this.#options.silenceLimit)) return this.#close('silent');
    if (now >= after(this.#spokeAt, this.#options.keepAliveEvery)) this.#say(now, keepAlive);
  }

  /** Before the handshakes are through there is nobody to hear a message. */
  #send(now: Instant, message: Message): void {
    if (this.#state.name !== 'open') return;
    this.#dialogue?.said(now, message);
    this.#say(now, message);
  }

  #say(now: Instant, saying: Saying): void {
    this.#spokeAt = now;
    if (this.#options.form === 'values')
      this.#outputs.add({ type: 'say', saying, length: sayingLength(saying) });
    else if (saying.type === 'piece') {
      const { piece, begin, block } = saying;
      this.#transmit(encodePieceHeader({ piece, begin, length: block.length }));
      this.#transmit(block);
    } else this.#transmit(encodeSaying(saying));
  }

  #transmit(bytes: Uint8Array): void {
    this.#outputs.add({ type: 'transmit', bytes });
  }

  #close(reason: CloseReason): void {
    this.#state = closed;
    this.#outputs.add({ type: 'disconnect', reason });
  }
}
