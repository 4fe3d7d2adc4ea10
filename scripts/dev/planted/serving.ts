/** Planted faults: announcing pieces, serving and choking. */
import type { Fault } from './fault.ts';

export const servingFaults: readonly Fault[] = [
  {
    name: 'unverified-piece-announced',
    story: 'A piece is announced when its last block has come, before it is verified.',
    focus: 'swarm',
    file: 'swarm/downloads.ts',
    find: `    this.#pending += 1;
    emit({ type: 'verify'`,
    replace: `    for (const each of this.#peers.ready()) this.#torrent.send(now, each, { type: 'have', piece });
    this.#pending += 1;
    emit({ type: 'verify'`,
  },
  {
    name: 'had-before-it-is-written',
    story:
      'A piece counts as ours, and is served, before the disk has it: the state on disk would say so too.',
    focus: 'disk',
    file: 'swarm/downloads.ts',
    find: `    if (ok) {
      emit({ type: 'write'`,
    replace: `    if (ok) {
      this.#torrent.have.set(piece);
      emit({ type: 'write'`,
  },
  {
    name: 'have-to-callers-only',
    story: 'Only peers that were called by us hear of new pieces.',
    focus: 'swarm',
    file: 'swarm/downloads.ts',
    find: 'if (!peer.has.has(piece)) this.#haves.tell(now, peer, piece);',
    replace: 'if (!peer.has.has(piece) && peer.outgoing) this.#haves.tell(now, peer, piece);',
  },
  {
    name: 'have-to-everybody',
    story: 'New pieces are announced to those who have them, too.',
    focus: 'swarm',
    file: 'swarm/downloads.ts',
    find: 'if (!peer.has.has(piece)) this.#haves.tell(now, peer, piece);',
    replace: "if (now > 0) this.#torrent.send(now, peer, { type: 'have', piece });",
  },
  {
    name: 'have-said-twice',
    story: 'Each new piece is announced twice.',
    focus: 'swarm',
    file: 'swarm/haves.ts',
    find: "    this.#torrent.send(now, peer, { type: 'have', piece });",
    replace: "    [1, 2].forEach(() => this.#torrent.send(now, peer, { type: 'have', piece }));",
  },
  {
    name: 'haves-held-for-good',
    story:
      'A piece that a choked peer was not told of at once waits until something else is said to it.',
    focus: 'swarm',
    file: 'swarm/upkeep.ts',
    find: '    haves.tick(now);\n',
    replace: '',
  },
  {
    name: 'spare-bits-set',
    story: 'The last byte of a bitfield has a spare bit set.',
    focus: 'wire',
    file: 'torrent/bitfield.ts',
    find: '    return padded.slice(0, Math.ceil(this.count / 8));',
    replace: `    const bytes = padded.slice(0, Math.ceil(this.count / 8));
    if (this.count % 8 > 0) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 1;
    return bytes;`,
  },
  {
    name: 'serves-whom-it-chokes',
    story: 'Requests of choked peers are served.',
    focus: 'wire',
    file: 'swarm/uploads.ts',
    find: 'if (peer.wire.amChoking && !this.#isAllowedFast(peer, block.piece)) {',
    replace: 'if (now < -1e12 && !this.#isAllowedFast(peer, block.piece)) {',
  },
  {
    name: 'choke-without-rejects',
    story: 'A choke drops what waits without rejecting it, though both sides speak BEP 6.',
    focus: 'wire',
    file: 'swarm/uploads.ts',
    find: `{ type: 'choke' });
    this.#rejectQueued(now, peer);`,
    replace: `{ type: 'choke' });
    peer.queue.length = 0;`,
  },
  {
    name: 'rejects-not-agreed',
    story: 'Rejects are sent to peers that do not speak BEP 6.',
    focus: 'wire',
    file: 'swarm/uploads.ts',
    find: "if (peer.wire.fast) this.#torrent.send(now, peer, { type: 'reject', ...block });",
    replace: "this.#torrent.send(now, peer, { type: 'reject', ...block });",
  },
  {
    name: 'cancel-takes-the-wrong-one',
    story: 'A cancel takes out the last request in the queue, whichever it is.',
    focus: 'swarm',
    file: 'swarm/uploads.ts',
    find: `    if (at < 0) return;
    peer.queue.splice(at, 1);`,
    replace: `    if (at < 0) return;
    peer.queue.pop();`,
  },
  {
    name: 'allows-what-it-lacks',
    story: 'Pieces that nobody has verified here are allowed fast.',
    focus: 'wire',
    file: 'swarm/uploads.ts',
    find: 'if (!have.has(piece) || peer.allowedToThem.has(piece)) continue;',
    replace: 'if (have.isFull || peer.allowedToThem.has(piece)) continue;',
  },
  {
    name: 'room-without-a-bound',
    story: 'A slow line is handed as much as was asked for.',
    focus: 'wire',
    file: 'swarm/send-room.ts',
    find: '    return isRoom;',
    replace: '    return true;',
  },
  {
    name: 'optimistic-never-moves',
    story: 'Whoever holds an optimistic slot keeps it.',
    focus: 'swarm',
    file: 'swarm/choker/unchoke.ts',
    find: `  if (turn === 'rotation') return [];
`,
    replace: '',
  },
  {
    name: 'one-slot-too-many',
    story: 'One more peer is unchoked than there are slots.',
    focus: 'swarm',
    file: 'swarm/choker/unchoke.ts',
    find: 'const count = options.optimisticSlots + options.uploadSlots - regular.size;',
    replace: 'const count = 1 + options.optimisticSlots + options.uploadSlots - regular.size;',
  },
  {
    name: 'unchokes-who-wants-nothing',
    story: 'Slots are given to peers that are not interested.',
    focus: 'swarm',
    file: 'swarm/choker/unchoke.ts',
    find: '=> peer.interested && !peer.uploadOnly;',
    replace: '=> !peer.uploadOnly;',
  },
  {
    name: 'choker-stands-still',
    story: 'Between rounds nobody is looked at, and the rounds do nothing.',
    focus: 'swarm',
    file: 'swarm/choking.ts',
    find: '    if (this.#choker.isSettled(now, (conn) => this.#isPlaced(conn))) return;',
    replace: '    if (now > this.#choker.deadline || this.#peers.size > 3) return;',
  },
  {
    name: 'super-seed-forgets',
    story: 'A super-seed does not remember which piece it showed to whom.',
    focus: 'swarm',
    file: 'swarm/super-seeding.ts',
    find: `    guest.shown.set(piece);
`,
    replace: '',
  },
  {
    name: 'super-seed-speaks-fast',
    story: 'A super-seed says have-none to peers that do not speak BEP 6.',
    focus: 'swarm',
    file: 'swarm/super-seeding.ts',
    find: "if (peer.wire.fast) this.#torrent.send(now, peer, { type: 'have-none' });",
    replace: "this.#torrent.send(now, peer, { type: 'have-none' });",
  },
  {
    name: 'bucket-refilled-twice',
    story: 'Time brings a rate limit twice what it should.',
    focus: 'swarm',
    file: 'swarm/bucket.ts',
    find: 'const earned = (this.#bytesPerSec ?? 0) * since(',
    replace: 'const earned = 2 * (this.#bytesPerSec ?? 0) * since(',
  },
  {
    name: 'limit-of-a-peer-forgotten',
    story: 'The limit of a single connection is looked at and never paid.',
    focus: 'swarm',
    file: 'swarm/rate-limits.ts',
    find: 'for (const pair of pairs) pair[way].take(now, bytes);',
    replace: 'for (const pair of this.#shared) pair[way].take(now, bytes);',
  },
];
