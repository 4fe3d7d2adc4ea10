/** One peer connection as one would write it without a thought for speed (BEP 3, 6, 10): the oracle of PeerConnection. */
import type { CloseReason, ConnectionOptions, LocalHello } from '../peer/connection.ts';
import type { ExtensionHandshake } from '../wire/extension.ts';
import type { Handshake } from '../wire/handshake.ts';
import type { Message } from '../wire/message.ts';
import type { Pieces } from '../torrent/pieces.ts';
import {
  mayGreet,
  readHandshake,
  readMessage,
  spell,
  spellHandshake,
  wordAt,
} from './wire-model-bytes.ts';
import { learn, readExtensionHandshake, writeExtensionHandshake } from './wire-model-extensions.ts';

/** What the owner is told or has to do. */
export type ModelOutput =
  | { readonly type: 'transmit'; readonly bytes: readonly number[] }
  | { readonly type: 'disconnect'; readonly reason: CloseReason }
  | { readonly type: 'hello' | 'ready'; readonly remote: Handshake }
  | { readonly type: 'received'; readonly message: Message }
  | { readonly type: 'extensions'; readonly remote: ExtensionHandshake }
  | { readonly type: 'lost'; readonly piece: number };

type Extended = Extract<Message, { readonly type: 'extended' }>;

/** The figures of the rules, said again: a change in tenths, since 100 a second are one in 10 ms. */
const changeTenths = 10;
const savedTenths = 1_000 * changeTenths;
const longestBlock = 131_072;
const longestFrame = 262_145;
const handshakeBytes = 68;

/** What only counts when it is not what holds already. */
const changes: readonly string[] = ['choke', 'unchoke', 'interested', 'not-interested'];
const fastTypes: readonly string[] = ['have-all', 'have-none', 'suggest', 'allowed-fast', 'reject'];
/** The ids we give out, in the order of our names. */
const donthaveId = 1;
const uploadOnlyId = 2;

export class WireModel {
  /** Milliseconds. */
  time: number;
  state: 'handshaking' | 'greeted' | 'open' | 'closed' = 'handshaking';
  amChoking = true;
  amInterested = false;
  peerChoking = true;
  peerInterested = false;
  fast = false;
  extensions: ExtensionHandshake | undefined;
  readonly #options: ConnectionOptions;
  readonly #startedAt: number;
  #heardAt: number;
  #spokeAt: number;
  #local: LocalHello | undefined;
  #remote: Handshake | undefined;
  #speaksExtensions = false;
  #isFirst = true;
  #haves = 0;
  #patience = { at: 0, tenths: savedTenths };
  #unread: readonly number[] = [];
  #outputs: ModelOutput[] = [];

  constructor(time: number, options: ConnectionOptions) {
    this.time = time;
    this.#startedAt = time;
    this.#heardAt = time;
    this.#spokeAt = time;
    this.#options = options;
  }

  get deadline(): number | undefined {
    const { handshakeLimit, silenceLimit, keepAliveEvery } = this.#options;
    if (this.state === 'closed') return undefined;
    if (this.state !== 'open') return this.#startedAt + handshakeLimit;
    return Math.min(this.#heardAt + silenceLimit, this.#spokeAt + keepAliveEvery);
  }

  open(local: LocalHello): readonly ModelOutput[] {
    const mayDial = this.state === 'handshaking' && this.#options.outgoing;
    if (this.#local !== undefined || !(mayDial || this.state === 'greeted')) return [];
    this.#local = local;
    this.#transmit(spellHandshake(local.handshake));
    if (this.#remote !== undefined) this.#begin(local, this.#remote);
    this.#read();
    return this.#told();
  }

  hear(bytes: Iterable<number>): readonly ModelOutput[] {
    if (this.state === 'closed') return [];
    this.#heardAt = this.time;
    this.#unread = [...this.#unread, ...bytes];
    if (this.state === 'handshaking') this.#greet();
    this.#read();
    if (this.state === 'greeted' && this.#unread.length > longestFrame) this.#end('frame-too-long');
    return this.#told();
  }

  tick(): readonly ModelOutput[] {
    const { handshakeLimit, keepAliveEvery, silenceLimit } = this.#options;
    const { state, time } = this;
    if (state === 'handshaking' || state === 'greeted') {
      if (time - this.#startedAt >= handshakeLimit) this.#end('handshake-timeout');
    } else if (state === 'open') {
      if (time - this.#heardAt >= silenceLimit) this.#end('silent');
      else if (time - this.#spokeAt >= keepAliveEvery) this.#transmit([0, 0, 0, 0]);
    }
    return this.#told();
  }

  send(message: Message): readonly ModelOutput[] {
    if (this.state !== 'open') return [];
    const { type } = message;
    if (type === 'choke' || type === 'unchoke') this.amChoking = type === 'choke';
    if (type === 'interested' || type === 'not-interested')
      this.amInterested = type === 'interested';
    const answers = type === 'have' ? 2 : changes.includes(type) ? 1 : 0;
    if (answers > 0) this.#grant(answers);
    this.#transmit(spell(message));
    return this.#told();
  }

  close(reason: CloseReason): readonly ModelOutput[] {
    if (this.state !== 'closed') this.#end(reason);
    return this.#told();
  }

  #greet(): void {
    const greeting = this.#unread.slice(0, handshakeBytes);
    if (!mayGreet(greeting)) return this.#end('bad-protocol-string');
    if (greeting.length < handshakeBytes) return;
    const remote = readHandshake(greeting);
    this.#unread = this.#unread.slice(handshakeBytes);
    this.#remote = remote;
    if (!this.#options.outgoing) {
      this.state = 'greeted';
      this.#tell({ type: 'hello', remote });
    } else if (this.#local?.handshake.infoHash !== remote.infoHash) this.#end('wrong-torrent');
    else this.#begin(this.#local, remote);
  }

  /** BEP 6 is bit 0x04 of the last reserved byte, BEP 10 bit 0x10 of the sixth. */
  #begin({ extensions, handshake }: LocalHello, remote: Handshake): void {
    const both = (byte: number, mask: number): boolean =>
      [handshake, remote].every(({ reserved }) => ((reserved[byte] ?? 0) & mask) === mask);
    this.fast = both(7, 0x04);
    this.#speaksExtensions = both(5, 0x10);
    this.#patience.at = this.time;
    this.state = 'open';
    this.#tell({ type: 'ready', remote });
    if (extensions === undefined || !this.#speaksExtensions) return;
    this.#transmit(
      spell({ type: 'extended', extendedId: 0, payload: writeExtensionHandshake(extensions) }),
    );
  }

  #read(): void {
    while (this.state === 'open' && this.#unread.length >= 4) {
      const length = wordAt(this.#unread, 0);
      if (length > longestFrame) return this.#end('frame-too-long');
      if (this.#unread.length < 4 + length) return;
      const frame = this.#unread.slice(4, 4 + length);
      this.#unread = this.#unread.slice(4 + length);
      if (length > 0) this.#hearFrame(frame);
      else if (!this.#take()) this.#end('message-storm');
    }
  }

  #hearFrame(frame: readonly number[]): void {
    const message = readMessage(frame);
    const fault = message === undefined ? 'bad-length' : this.#faultIn(message);
    if (fault !== undefined || message === undefined) return this.#end(fault ?? 'bad-length');
    if (this.#costs(message) && !this.#take()) return this.#end('message-storm');
    if (message.type === 'extended') this.#hearExtended(message);
    else if (this.#isNews(message)) this.#tell({ type: 'received', message });
  }

  /** What is good to know only once is no news a second time, and neither is what says nothing. */
  #costs({ type }: Message): boolean {
    const isFirst = this.#isFirst;
    if (type !== 'extended' && type !== 'unknown') this.#isFirst = false;
    if (type === 'have') this.#haves += 1;
    return [
      ...[...changes, 'extended', 'suggest', 'unknown'],
      ...(isFirst ? [] : ['bitfield']),
      ...(this.#haves > (this.#local?.pieces.count ?? 0) ? ['have'] : []),
    ].includes(type);
  }

  /** What the rules forbid. */
  #faultIn(message: Message): CloseReason | undefined {
    switch (message.type) {
      case 'have':
        return this.#has(message.piece) ? undefined : 'piece-out-of-range';
      case 'bitfield':
        return this.#isWellFormed(message.bits) ? undefined : 'bad-bitfield';
      case 'request':
      case 'cancel':
        return this.#isRange(message, message.length) ? undefined : 'bad-request';
      case 'piece':
        return this.#isRange(message, message.block.length) ? undefined : 'bad-block';
      case 'extended':
        return this.#speaksExtensions ? undefined : 'extension-not-agreed';
      default:
        return fastTypes.includes(message.type) && !this.fast
          ? 'fast-not-agreed'
          : this.#fastFaultIn(message);
    }
  }

  #fastFaultIn(message: Message): CloseReason | undefined {
    switch (message.type) {
      case 'have-all':
      case 'have-none':
        return this.#isFirst ? undefined : 'late-bitfield';
      case 'suggest':
      case 'allowed-fast':
        return this.#has(message.piece) ? undefined : 'piece-out-of-range';
      case 'reject':
        return this.#isRange(message, message.length) ? undefined : 'bad-request';
      default:
        return undefined;
    }
  }

  /** A choke of who is choked, or interest said again, is none. */
  #isNews({ type }: Message): boolean {
    const before = [this.peerChoking, this.peerInterested];
    if (type === 'choke' || type === 'unchoke') this.peerChoking = type === 'choke';
    if (type === 'interested' || type === 'not-interested')
      this.peerInterested = type === 'interested';
    const isSame = before[0] === this.peerChoking && before[1] === this.peerInterested;
    return !isSame || !changes.includes(type);
  }

  #hearExtended(message: Extended): void {
    const { extendedId, payload } = message;
    if (extendedId === 0) return this.#learn(readExtensionHandshake(payload));
    if (extendedId === donthaveId) return this.#lose(payload);
    if (extendedId !== uploadOnlyId) return this.#tell({ type: 'received', message });
    if (payload.length !== 1) return this.#end('bad-extension-message');
    this.#learn({ ids: new Map(), uploadOnly: payload[0] !== 0 });
  }

  #learn(more: ExtensionHandshake | undefined): void {
    if (more === undefined) return this.#end('bad-extension-handshake');
    this.extensions = learn(this.extensions, more);
    this.#tell({ type: 'extensions', remote: this.extensions });
  }

  #lose(payload: Uint8Array): void {
    if (payload.length !== 4) return this.#end('bad-extension-message');
    const piece = wordAt([...payload], 0);
    if (this.#has(piece)) this.#tell({ type: 'lost', piece });
    else this.#end('piece-out-of-range');
  }

  #has(piece: number): boolean {
    return piece < this.#pieces.count;
  }

  #isRange(place: { readonly piece: number; readonly begin: number }, length: number): boolean {
    const { count, length: all, pieceLength } = this.#pieces;
    const size = place.piece === count - 1 ? all - (count - 1) * pieceLength : pieceLength;
    const isSane = length > 0 && length <= longestBlock;
    return this.#has(place.piece) && isSane && place.begin + length <= size;
  }

  /** One bit a piece, and no bit without a piece. */
  #isWellFormed(bits: Uint8Array): boolean {
    const { count } = this.#pieces;
    const digits = Array.from(bits, (byte) => byte.toString(2).padStart(8, '0')).join('');
    return digits.length === 8 * Math.ceil(count / 8) && !digits.slice(count).includes('1');
  }

  get #pieces(): Pieces {
    if (this.#local === undefined) throw new Error('nothing is judged before the torrent is known');
    return this.#local.pieces;
  }

  #take(): boolean {
    this.#grant(0);
    if (this.#patience.tenths < changeTenths) return false;
    this.#patience.tenths -= changeTenths;
    return true;
  }

  #grant(count: number): void {
    const { at, tenths } = this.#patience;
    const saved = tenths + (this.time - at) + count * changeTenths;
    this.#patience = { at: this.time, tenths: Math.min(savedTenths, saved) };
  }

  #transmit(bytes: readonly number[]): void {
    this.#spokeAt = this.time;
    this.#tell({ type: 'transmit', bytes });
  }

  #end(reason: CloseReason): void {
    this.state = 'closed';
    this.#tell({ type: 'disconnect', reason });
  }

  #tell(output: ModelOutput): void {
    this.#outputs.push(output);
  }

  #told(): readonly ModelOutput[] {
    const told = this.#outputs;
    this.#outputs = [];
    return told;
  }
}
