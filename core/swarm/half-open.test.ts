/** How many a peer dials at once for all of its torrents, and that each comes to its turn. */
import { describe, expect, it } from 'vitest';
import { Bitfield } from '../torrent/bitfield.ts';
import { type ConnectionId, InfoHash, PeerId } from '../torrent/ids.ts';
import { Pieces } from '../torrent/pieces.ts';
import { type Random, randomStream } from '../random.ts';
import { type Instant, seconds, start } from '../time.ts';
import { maxSessionHalfOpen } from './half-open.ts';
import type { TorrentOutput } from './jobs.ts';
import { defaultTorrentOptions } from './options.ts';
import { Session, maxCallers } from './session.ts';

const torrents = 250;
const pieces = new Pieces({ length: 16_384, pieceLength: 16_384 });
const hashOf = (index: number): InfoHash => InfoHash(index.toString(16).padStart(40, '0'));

/** A peer that has just been told of somebody for each of its torrents. */
class Caller {
  now: Instant = start;
  readonly session = new Session({ ...defaultTorrentOptions, form: 'values' });
  readonly dialled: ConnectionId[] = [];

  constructor() {
    const self = {
      ...{ peerId: PeerId('5'.repeat(40)), listenPort: 1, key: 'k', clientVersion: 'fake' },
      sha1: () => new Uint8Array(20),
    };
    const options = defaultTorrentOptions;
    for (let index = 0; index < torrents; index += 1) {
      const infoHash = hashOf(index);
      const random = (name: string): Random => randomStream(index, name);
      this.session.add(start, { infoHash, self, pieces, trackers: [], options, random });
      this.feed({ type: 'opened', infoHash, have: new Bitfield(1), source: 'new' });
      const addresses = [{ ip: '10.0.0.1', port: 1_000 + index }];
      this.feed({ type: 'meet', infoHash, addresses });
    }
  }

  feed(input: Parameters<Session['handle']>[1]): void {
    const outputs: readonly TorrentOutput[] = this.session.handle(this.now, input);
    for (const output of outputs) if (output.type === 'dial') this.dialled.push(output.conn);
  }
}

describe('dials of all torrents together', () => {
  it('are no more than a peer like ours listens to', () => {
    expect(new Caller().dialled).toHaveLength(maxSessionHalfOpen);
    expect(maxSessionHalfOpen).toBeLessThan(maxCallers);
  });

  it('go on as soon as others have ended, until everybody was dialled once', () => {
    const caller = new Caller();
    caller.feed({ type: 'gone', conn: caller.dialled[0] as ConnectionId });
    expect(caller.dialled).toHaveLength(maxSessionHalfOpen + 1);
    for (let i = 1; i < caller.dialled.length; i += 1)
      caller.feed({ type: 'gone', conn: caller.dialled[i] as ConnectionId });
    expect(caller.dialled).toHaveLength(torrents);
  });

  it('give up their places when nobody answers', () => {
    const caller = new Caller();
    caller.now = (caller.now + defaultTorrentOptions.handshakeLimit + seconds(1)) as Instant;
    caller.feed({ type: 'tick' });
    expect(caller.dialled).toHaveLength(2 * maxSessionHalfOpen);
  });

  it('leave no place taken by a torrent that has ended', () => {
    const caller = new Caller();
    for (let index = 0; index < maxSessionHalfOpen; index += 1)
      caller.feed({ type: 'stop', infoHash: hashOf(index) });
    expect(caller.dialled).toHaveLength(2 * maxSessionHalfOpen);
  });
});
