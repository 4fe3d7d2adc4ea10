/** One TCP connection: bytes in as they come, bytes out one system call a turn, and the faults a bench needs. */
import type { Socket } from 'node:net';

export type WireListener = {
  /** `bytes` are borrowed until the call returns. */
  readonly bytes: (bytes: Uint8Array) => void;
  /** So many bytes have been taken by the kernel, out of these buffers: they are free to be used again. */
  readonly sent: (bytes: number, buffers: readonly Uint8Array[]) => void;
  /** The connection is over, whoever ended it. Called once; nothing comes after it. */
  readonly gone: () => void;
};

/** How long the other side may take to read our last bytes before the socket is torn down. */
const lingerMs = 2_000;

/** Requests, haves and the headers of blocks: what costs more to hand over than to copy. */
const smallBytes = 64;

export class Wire {
  readonly #socket: Socket;
  readonly #listener: WireListener;
  readonly #delayMs: number;
  #unflushed: Uint8Array[] = [];
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
    if (!this.#isClosed) this.#unflushed.push(bytes);
  }

  /** Sends what was transmitted since the last flush. */
  flush(): void {
    if (this.#unflushed.length === 0) return;
    const batch = joinSmall(this.#unflushed);
    this.#unflushed = [];
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

  #send(batch: readonly Uint8Array[]): void {
    if (batch.length === 0 || this.#socket.destroyed) return;
    if (this.#isFrozen) return void this.#held.push(() => this.#send(batch));
    let total = 0;
    this.#socket.cork();
    for (const bytes of batch.slice(0, -1)) {
      total += bytes.length;
      this.#socket.write(bytes);
    }
    const last = batch[batch.length - 1] as Uint8Array;
    total += last.length;
    this.#socket.write(last, (error) => {
      if (!(error instanceof Error) && !this.#isClosed) this.#listener.sent(total, batch);
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

/** Makes one buffer of each run of small ones: a hundred requests in a turn are then one entry of the system call. */
function joinSmall(batch: readonly Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = [];
  let run: Uint8Array[] = [];
  const endRun = (): void => {
    if (run.length > 0) joined.push(run.length === 1 ? (run[0] as Uint8Array) : Buffer.concat(run));
    run = [];
  };
  for (const bytes of batch) {
    if (bytes.length <= smallBytes) run.push(bytes);
    else {
      endRun();
      joined.push(bytes);
    }
  }
  endRun();
  return joined;
}
