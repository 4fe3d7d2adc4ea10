/** Lets the announcer speak for its torrent: fills in the numbers and hands on what the trackers say. */
import type { Instant } from '../time.ts';
import type { Endpoint } from '../torrent/ids.ts';
import type { AnnouncerInput, AnnouncerOutput } from './announcer.ts';
import type { TorrentContext } from './peer.ts';
import { never } from '../never.ts';
import type { Announcer } from './announcer.ts';

/** Bytes of payload since the torrent was started, and bytes still missing. */
export type Transferred = {
  readonly uploaded: number;
  readonly downloaded: number;
  readonly left: number;
};

export type AnnouncingParts = {
  readonly announcer: Announcer;
  readonly transferred: () => Transferred;
  readonly found: (now: Instant, addresses: readonly Endpoint[]) => void;
};

export class Announcing {
  readonly #torrent: TorrentContext;
  readonly #parts: AnnouncingParts;
  #isDone = false;

  constructor(torrent: TorrentContext, parts: AnnouncingParts) {
    this.#torrent = torrent;
    this.#parts = parts;
  }

  /** `stopped` has reached the trackers, or has been given up. */
  get isDone(): boolean {
    return this.#isDone;
  }

  get deadline(): Instant | undefined {
    return this.#parts.announcer.deadline;
  }

  handle(now: Instant, input: AnnouncerInput): void {
    this.#report(input);
    for (const output of this.#parts.announcer.handle(now, input)) this.#output(now, output);
  }

  #output(now: Instant, output: AnnouncerOutput): void {
    const { self, tell } = this.#torrent;
    switch (output.type) {
      case 'announce':
        return this.#announce(output);
      case 'peers':
        return this.#parts.found(
          now,
          output.peers.filter(
            ({ ip, port }) => !(ip === self.announceIp && port === self.listenPort),
          ),
        );
      case 'warning':
        return tell({ type: 'tracker-warned', url: output.url, message: output.message });
      case 'stopped':
        this.#isDone = true;
        return;
      default:
        return never(output);
    }
  }

  #announce({
    url,
    event,
    wantsPeers,
    trackerId,
  }: Extract<AnnouncerOutput, { type: 'announce' }>): void {
    const { emit, infoHash, self, tell } = this.#torrent;
    const transferred = this.#parts.transferred();
    emit({
      type: 'announce',
      infoHash,
      url,
      request: {
        infoHash,
        peerId: self.peerId,
        port: self.listenPort,
        ...transferred,
        compact: true,
        noPeerId: true,
        numwant: wantsPeers,
        key: self.key,
        ...(event !== undefined && { event }),
        ...(trackerId !== undefined && { trackerId }),
        ...(self.announceIp !== undefined && { ip: self.announceIp }),
      },
    });
    tell({ type: 'announced', url, event, ...transferred });
  }

  #report(input: AnnouncerInput): void {
    const { tell } = this.#torrent;
    if (input.type === 'failed')
      return tell({ type: 'tracker-failed', url: input.url, reason: input.reason });
    if (input.type !== 'answered') return;
    const { url, answer } = input;
    if ('failure' in answer) return tell({ type: 'tracker-failed', url, reason: answer.failure });
    tell({
      type: 'tracker-answered',
      url,
      seeders: answer.seeders,
      leechers: answer.leechers,
      peers: answer.peers,
    });
  }
}
