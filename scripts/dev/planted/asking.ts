/** Planted faults: asking for blocks and keeping them. */
import type { Fault } from './fault.ts';

export const askingFaults: readonly Fault[] = [
  {
    name: 'request-beyond-the-end',
    story:
      'The last block of a piece is asked for with its full 16 KiB, beyond the end of the piece.',
    focus: 'swarm',
    file: 'torrent/pieces.ts',
    find: 'return Math.min(blockBytes, this.lengthOf(piece) - blockIndex * blockBytes);',
    replace: 'return blockBytes + 0 * this.lengthOf(piece) * blockIndex;',
  },
  {
    name: 'last-block-forgotten',
    story: 'A piece whose length no block divides counts one block too few.',
    focus: 'swarm',
    file: 'torrent/pieces.ts',
    find: 'return Math.ceil(this.lengthOf(piece) / blockBytes);',
    replace: 'return Math.max(1, Math.floor(this.lengthOf(piece) / blockBytes));',
  },
  {
    name: 'end-game-without-cancels',
    story: 'Whoever else was asked for a block in the end game is not told that it has come.',
    focus: 'swarm',
    file: 'swarm/downloads.ts',
    find: 'for (const conn of alsoAsked) this.#cancel(now, this.#peers.of(conn), ref);',
    replace: '',
  },
  {
    name: 'end-game-from-the-start',
    story: 'Blocks are asked of several peers while others are still asked of nobody.',
    focus: 'swarm',
    file: 'swarm/picker/picker.ts',
    find: 'if (this.inEndgame) choice.takeAgain();',
    replace: 'choice.takeAgain();',
  },
  {
    name: 'end-game-asks-everybody',
    story: 'In the end game a block is asked of five peers at once.',
    focus: 'swarm',
    file: 'swarm/picker/begun-piece.ts',
    find: 'export const maxAskersPerBlock = 3;',
    replace: 'export const maxAskersPerBlock = 5;',
  },
  {
    name: 'asks-for-what-is-not-there',
    story: 'A begun piece is asked of peers that do not have it.',
    focus: 'swarm',
    file: 'swarm/picker/block-choice.ts',
    find: 'if (!has.has(begun.piece) || allowed',
    replace: 'if (allowed',
  },
  {
    name: 'asks-while-choked',
    story: 'One allowed piece is taken as leave to ask for all of them.',
    focus: 'wire',
    file: 'swarm/downloads.ts',
    find: 'peer.wire.peerChoking ? peer.allowedToUs : undefined',
    replace: 'undefined',
  },
  {
    name: 'pipeline-without-a-bound',
    story: 'The pipeline grows deeper than either side bears.',
    focus: 'wire',
    file: 'peer/pipeline.ts',
    find: 'return Math.min(maxBlocks, Math.max(leastBlocks, depth));',
    replace: 'return Math.max(leastBlocks, depth, maxBlocks + 1);',
  },
  {
    name: 'requests-never-expire',
    story: 'A block that does not come is waited for without end.',
    focus: 'wire',
    file: 'swarm/downloads.ts',
    find: 'if (this.#due.isDue(now)) this.#expireLate(now);',
    replace: '',
  },
  {
    name: 'expires-the-young',
    story: 'Expiry compares the wrong way: fresh requests are given up and old ones kept.',
    focus: 'wire',
    file: 'swarm/picker/peer-requests.ts',
    find: 'if (askedAt >= before) break;',
    replace: 'if (askedAt < before) break;',
  },
  {
    name: 'reject-frees-nothing',
    story: 'A rejected block is never asked for again.',
    focus: 'wire',
    file: 'swarm/picker/picker.ts',
    find: `    this.#requests.free(peer, key);
    peer.remove(key);
  }

  /** Frees and returns all`,
    replace: `    peer.remove(key);
  }

  /** Frees and returns all`,
  },
  {
    name: 'choke-frees-nothing',
    story: 'Requests that a choke has dropped are still waited for.',
    focus: 'wire',
    file: 'swarm/exchange.ts',
    find: 'if (!peer.wire.fast) peer.conduct.gaveUp(',
    replace: 'if (peer.conn < 0) peer.conduct.gaveUp(',
  },
  {
    name: 'block-stored-twice',
    story: 'A block that came already is stored again.',
    focus: 'swarm',
    file: 'swarm/picker/picker.ts',
    find: 'if (begun === undefined || begun.hasArrived(this.#requests.blockOf(key))) return unwanted;',
    replace: 'if (begun === undefined) return unwanted;',
  },
  {
    name: 'bad-piece-is-kept',
    story: 'A piece that failed its hash is written all the same.',
    focus: 'disk',
    file: 'swarm/downloads.ts',
    find: `    if (ok) {
      emit({ type: 'write'`,
    replace: `    if (ok || !ok) {
      emit({ type: 'write'`,
  },
  {
    name: 'memory-without-a-bound',
    story: 'As many pieces are begun as there are blocks to ask for.',
    focus: 'disk',
    file: 'swarm/downloads.ts',
    find: 'return Math.max(0, fitting, minBegunPieces - picker.begunPieces);',
    replace: 'return Math.max(fitting, minBegunPieces, 1_000);',
  },
  {
    name: 'what-it-has-is-asked-for',
    story: 'The picker is not told what is on the disk already.',
    focus: 'swarm',
    file: 'swarm/torrent.ts',
    find: `    torrent.picker.setHave(have);
`,
    replace: '',
  },
  {
    name: 'availability-never-falls',
    story: 'A peer that has gone still counts as a holder of its pieces.',
    focus: 'swarm',
    file: 'swarm/picker/picker.ts',
    find: `    else this.#availability.removeAll(has);
`,
    replace: '',
  },
  {
    name: 'interest-never-ends',
    story: 'A peer that has nothing for us any more is not told so.',
    focus: 'swarm',
    file: 'swarm/downloads.ts',
    find: `      else if (peer.wire.amInterested) this.review(now, peer);
`,
    replace: '',
  },
  {
    name: 'interest-never-begins',
    story: 'A new piece at a peer that had nothing for us does not make it interesting.',
    focus: 'swarm',
    file: 'swarm/exchange.ts',
    find: `    if (!peer.wire.amInterested && this.#torrent.picker.isMissing(piece))
      this.#parts.downloads.review(now, peer);
`,
    replace: '',
  },
];
