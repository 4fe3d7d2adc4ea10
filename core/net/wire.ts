/** One TCP connection: bytes in as they come, bytes out one system call a turn, and the faults a bench needs. */
import type { Socket } from 'node:net';
import { Batch } from './batch.ts';

export type WireListener = {
  /** `bytes` are borrowed until the call returns. */
  readonly bytes: (bytes: Uint8Array) => void;
  /** So many bytes have been taken by the kernel; those of them that were blocks are free to be used again. */
  readonly sent: (bytes: number, blocks: readonly Uint8Array[]) => void;
  /** The connection is over, whoever ended it. Called once; nothing comes after it. */
  readonly gone: () => void;
};

/** How long the other side may take to read our last bytes before the socket is torn down. */
const lingerMs = 2_000;

const nothing = new Uint8Array();

export class Wire {
  readonly #socket: Socket;
  readonly #listener: WireListener;
  readonly #delayMs: number;
  #unflushed = new Batch();
  /** Batches that wait for their delay, or for a thaw. */
  readonly #delayed = new Set<NodeJS.Timeout>();
  #held: (() => void)[] = [];
  #isFrozen = false;
  #isClosed = false;

  /** `delayMs` is added to everything sent. */
  constructor(socket: Socket, listener: WireListener, delayMs: number) {
    this.#socket = socket;
    this.#listener = listener;
    this.#delayMs = delayMs;
    socket.setNoDelay(true);
    // The reason of a failure is of no use to the protocol: every socket that ends is just gone.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#gone());
    socket.on('end', () => this.#gone());
  }

  /** Remembers `bytes` for the next flush; they must not change until they are sent. */
  transmit(bytes: Uint8Array): void {
    if (!this.#isClosed) this.#unflushed.add(bytes);
  }

  /** Sends what was transmitted since the last flush. */
  flush(): void {
    if (this.#unflushed.bytes === 0) return;
    const batch = this.#unflushed;
    this.#unflushed = new Batch();
    if (this.#delayMs === 0) return this.#send(batch);
    const timer = setTimeout(() => {
      this.#delayed.delete(timer);
      this.#send(batch);
    }, this.#delayMs);
    this.#delayed.add(timer);
  }

  /** Sends what is still unsent and ends the connection; nothing is heard any more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const timer of this.#delayed) clearTimeout(timer);
    this.#send(this.#unflushed);
    this.#unflushed = new Batch();
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), lingerMs);
    this.#socket.once('close', () => clearTimeout(timer));
    this.#socket.resume();
  }

  /** Ends the connection with an RST, as the kernel does for a process that was killed. */
  reset(): void {
    this.#isClosed = true;
    for (const timer of this.#delayed) clearTimeout(timer);
    this.#socket.resetAndDestroy();
  }

  /** Neither reads nor sends, and keeps the connection. */
  freeze(): void {
    this.#isFrozen = true;
    this.#socket.pause();
  }

  thaw(): void {
    if (!this.#isFrozen) return;
    this.#isFrozen = false;
    for (const send of this.#held.splice(0)) send();
    this.#socket.resume();
  }

  /** What the socket has read. */
  received(bytes: Uint8Array): void {
    if (!this.#isClosed) this.#listener.bytes(bytes);
  }

  #send(batch: Batch): void {
    if (batch.bytes === 0 || this.#socket.destroyed) return;
    if (this.#isFrozen) return void this.#held.push(() => this.#send(batch));
    const chunks = batch.chunks();
    const last = chunks.pop();
    this.#socket.cork();
    for (const chunk of chunks) this.#socket.write(chunk);
    this.#socket.write(last ?? nothing, (error) => {
      if (!(error instanceof Error) && !this.#isClosed)
        this.#listener.sent(batch.bytes, batch.blocks);
    });
    this.#socket.uncork();
  }

  #gone(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const timer of this.#delayed) clearTimeout(timer);
    this.#socket.destroy();
    this.#listener.gone();
  }
}
