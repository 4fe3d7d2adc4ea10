/** A machine that speaks in values, for a world that carries bytes (BEP 3). */
import type { Instant } from '../../core/time.ts';
import { type Reader, readerOf } from '../../core/peer/reader.ts';
import type { TorrentOutput } from '../../core/swarm/jobs.ts';
import type { SessionInput } from '../../core/swarm/session.ts';
import type { SessionMachine } from '../../core/swarm/session-machine.ts';
import type { ConnectionId } from '../../core/torrent/ids.ts';
import { WireError } from '../../core/wire/error.ts';
import { encodePieceHeader } from '../../core/wire/message.ts';
import { type Saying, encodeSaying } from '../../core/wire/saying.ts';

export class SpokenBytes implements SessionMachine {
  readonly #inner: SessionMachine;
  readonly #readers = new Map<ConnectionId, Reading>();

  constructor(inner: SessionMachine) {
    this.#inner = inner;
  }

  get deadline(): Instant | undefined {
    return this.#inner.deadline;
  }

  newConnection(): ConnectionId {
    return this.#inner.newConnection();
  }

  handle(now: Instant, input: SessionInput): readonly TorrentOutput[] {
    if (input.type !== 'bytes') {
      if (input.type === 'gone') this.#readers.delete(input.conn);
      return this.#inner.handle(now, input).flatMap((output) => this.#encoded(output));
    }
    const { conn, bytes } = input;
    const reading = this.#readers.get(conn) ?? new Reading();
    this.#readers.set(conn, reading);
    const sayings = reading.read(bytes);
    const heard: SessionInput =
      sayings === undefined ? { type: 'gone', conn } : { type: 'heard', conn, sayings };
    const outputs = this.#inner.handle(now, heard).flatMap((output) => this.#encoded(output));
    reading.hold();
    return outputs;
  }

  #encoded(output: TorrentOutput): readonly TorrentOutput[] {
    if (output.type === 'hang-up') this.#readers.delete(output.conn);
    if (output.type !== 'say') return [output];
    const { conn, saying } = output;
    return encoded(saying).map((bytes) => ({ type: 'transmit', conn, bytes }));
  }
}

/** A block goes out as the very memory it is, so that whoever lent it gets it back. */
function encoded(saying: Saying): readonly Uint8Array[] {
  if (saying.type !== 'piece' || saying.block.length === 0) return [encodeSaying(saying)];
  const { piece, begin, block } = saying;
  return [encodePieceHeader({ piece, begin, length: block.length }), block];
}

/** What comes in on one connection. */
class Reading {
  readonly #reader: Reader = readerOf('bytes');
  #isOpen = false;

  /** Undefined when it is none of the protocol: there are others here who do not keep to it. */
  read(bytes: Uint8Array): readonly Saying[] | undefined {
    this.#reader.push({ type: 'bytes', bytes });
    try {
      return [...this.#whole()];
    } catch (error) {
      if (error instanceof WireError) return undefined;
      throw error;
    }
  }

  hold(): void {
    this.#reader.hold();
  }

  *#whole(): Generator<Saying, void> {
    if (!this.#isOpen) {
      const handshake = this.#reader.takeHandshake();
      if (handshake === undefined) return;
      this.#isOpen = true;
      yield { type: 'handshake', handshake };
    }
    for (
      let next = this.#reader.takeMessage();
      next !== undefined;
      next = this.#reader.takeMessage()
    )
      yield next;
  }
}
