/** A tracker for one program that learns of peers in no other way, and answers it when it is time. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Endpoint } from '../../../core/torrent/ids.ts';
import { minutes } from '../../../core/time.ts';
import { encodeAnnounceAnswer } from '../../../core/tracker/announce-answer.ts';

const ip = '127.0.0.1';

/**
 * Holds back its answers until `open`: an announce says that the program is ready, the answer that it may begin.
 * So starting up and checking files is not counted for anybody.
 */
export class Rendezvous implements AsyncDisposable {
  /** Resolves at the first announce. */
  readonly announced: Promise<void>;
  readonly #server: Server;
  readonly #peers: readonly Endpoint[];
  #waiting: ServerResponse[] | undefined = [];
  #resolveAnnounced: () => void = () => undefined;

  private constructor(peers: readonly Endpoint[]) {
    this.#peers = peers;
    this.announced = new Promise((resolve) => (this.#resolveAnnounced = resolve));
    this.#server = createServer((_request, response) => {
      this.#resolveAnnounced();
      if (this.#waiting === undefined) this.#answer(response);
      else this.#waiting.push(response);
    });
  }

  static async listen(peers: readonly Endpoint[]): Promise<Rendezvous> {
    const rendezvous = new Rendezvous(peers);
    await new Promise<void>((resolve) => rendezvous.#server.listen(0, ip, resolve));
    return rendezvous;
  }

  get url(): string {
    return `http://${ip}:${(this.#server.address() as AddressInfo).port}/announce`;
  }

  open(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const response of waiting) this.#answer(response);
  }

  /** Writes a copy of the torrent that names this tracker, and returns its path. */
  async name(torrentPath: string, dir: string): Promise<string> {
    const torrent = await readFile(torrentPath);
    // A dictionary begins with its first key in order, and none that it has comes before this one.
    const announce = Buffer.from(`8:announce${this.url.length}:${this.url}`);
    const path = join(dir, 'named.torrent');
    await writeFile(path, Buffer.concat([torrent.subarray(0, 1), announce, torrent.subarray(1)]));
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(response: ServerResponse): void {
    const answer = { interval: minutes(30), peers: this.#peers };
    response.end(encodeAnnounceAnswer(answer, { compact: true, noPeerId: false }));
  }
}
