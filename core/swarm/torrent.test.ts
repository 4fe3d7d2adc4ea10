import { describe, expect, it } from 'vitest';
import { sameBytes } from '../bytes/hex.ts';
import { millis, seconds } from '../time.ts';
import type { FakePeer } from '../testing/fake-peer.ts';
import { FakeSwarm } from '../testing/fake-swarm.ts';

const quick = {
  rechokeEvery: seconds(1),
  optimisticEvery: seconds(3),
  requestLimit: seconds(4),
  snubbedAfter: seconds(2),
  redialAfter: seconds(1),
  announceEvery: seconds(2),
};
const swarmOf = (seed = 1) => new FakeSwarm({ bytes: 400_001, pieceLength: 65_536, seed });

describe('Torrent', () => {
  it('gets a file from several seeds and from other leeches, byte for byte', () => {
    const swarm = swarmOf();
    const slow = { ...quick, upBytesPerSec: 50_000 };
    const seeds = [1, 2].map(() => swarm.join({ has: 'all', options: slow }));
    const leeches = [1, 2, 3].map(() => swarm.join({ has: 'nothing', options: quick }));
    expect(swarm.play(() => leeches.every((leech) => leech.isComplete))).toBe(true);
    for (const leech of leeches) expect(holdsAll(leech, swarm)).toBe(true);
    for (const seed of seeds) expect(seed.of('served').length).toBeGreaterThan(0);
    expect(leeches.flatMap((leech) => leech.of('served')).length).toBeGreaterThan(0);
  });

  it('plays the same swarm from the same seed in the same way', () => {
    const trace = (seed: number) => {
      const swarm = swarmOf(seed);
      const peers = (['all', 'nothing', 'nothing'] as const).map((has) =>
        swarm.join({ has, options: quick }),
      );
      swarm.play(() => peers.every((peer) => peer.isComplete));
      return peers.map((peer) => peer.events);
    };
    expect(trace(7)).toEqual(trace(7));
  });

  it('bans exactly the peer that sends bad blocks, and completes', () => {
    const swarm = swarmOf(3);
    const liar = swarm.join({
      has: 'all',
      options: quick,
      tamper: (block) => block.map((byte) => byte ^ 1),
    });
    const honest = [1, 2, 3].map(() => swarm.join({ has: 'all', options: quick }));
    const leech = swarm.join({ has: 'nothing', options: quick });
    expect(swarm.play(() => leech.isComplete && leech.of('banned').length > 0)).toBe(true);
    expect(holdsAll(leech, swarm)).toBe(true);
    const banned = leech.of('banned').map(({ address }) => address.ip);
    expect(banned).toEqual([liar.address.ip]);
    expect(honest.map(({ address }) => address.ip)).not.toContain(banned[0]);
  });

  it('finishes without a peer that stops answering, and calls it a snub', () => {
    const swarm = swarmOf(4);
    const silent = swarm.join({ has: 'all', options: quick });
    const leech = swarm.join({ has: 'nothing', options: { ...quick, maxBufferedBytes: 1 } });
    swarm.play(() => leech.disk.size > 0);
    silent.isGone = true;
    const other = swarm.join({ has: 'all', options: quick });
    expect(swarm.play(() => leech.isComplete)).toBe(true);
    expect(other.of('served').length).toBeGreaterThan(0);
  });

  it('announces a piece only once it is verified and written', () => {
    const swarm = swarmOf(5);
    swarm.join({ has: 'all', options: quick });
    const leech = swarm.join({ has: 'nothing', options: quick });
    const witness = swarm.join({ has: 'nothing', options: quick });
    swarm.play(() => leech.isComplete && witness.isComplete);
    for (const peer of [leech, witness]) {
      const verified = new Set<number>();
      for (const event of peer.events) {
        if (event.type === 'piece-verified') verified.add(event.piece);
        if (event.type === 'have-announced' || event.type === 'served')
          expect(verified.has(event.piece)).toBe(true);
      }
    }
  });

  it('serves who waits as soon as the one that was served wants nothing more, not only in the next round', () => {
    const swarm = swarmOf(10);
    const slots = { uploadSlots: 1, optimisticSlots: 0, rechokeEvery: seconds(600) };
    swarm.join({ has: [0, 1, 2], options: { ...quick, ...slots } });
    const first = swarm.join({ has: 'nothing', options: { ...quick, ...slots, uploadSlots: 0 } });
    const second = swarm.join({ has: 'nothing', options: { ...quick, ...slots, uploadSlots: 0 } });
    const haveIt = (): boolean => [first, second].every(({ disk }) => disk.size === 3);
    expect(swarm.play(haveIt, seconds(60))).toBe(true);
  });

  it('asks for nothing while paused, and goes on when told', () => {
    const swarm = swarmOf(6);
    swarm.join({ has: 'all', options: quick });
    const leech = swarm.join({ has: 'nothing', options: quick });
    swarm.play(() => leech.disk.size > 1);
    leech.feed({ type: 'pause', infoHash: swarm.infoHash });
    swarm.play(() => false, 500);
    const before = leech.disk.size;
    expect(swarm.play(() => leech.disk.size > before, 20_000)).toBe(false);
    leech.feed({ type: 'resume', infoHash: swarm.infoHash });
    expect(swarm.play(() => leech.isComplete)).toBe(true);
  });

  it('says started, completed and stopped once each, and ends', () => {
    const swarm = swarmOf(8);
    swarm.join({ has: 'all', options: quick });
    const leech = swarm.join({ has: 'nothing', options: quick });
    swarm.play(() => leech.isComplete);
    swarm.play(() => false, 5_000);
    leech.feed({ type: 'stop', infoHash: swarm.infoHash });
    expect(swarm.play(() => leech.of('stopped').length === 1, 10_000)).toBe(true);
    const said = leech.announces.flatMap(({ event }) => event ?? []);
    expect(said).toEqual(['started', 'completed', 'stopped']);
    expect(leech.deadline).toBeUndefined();
  });

  it('pauses when the disk is full, loses no piece, and completes when there is room', () => {
    const swarm = swarmOf(9);
    swarm.join({ has: 'all', options: quick });
    const leech = swarm.join({ has: 'nothing', options: quick });
    swarm.play(() => leech.disk.size > 0);
    const failure = { code: 'disk-full', message: 'the disk is full' } as const;
    leech.feed({ type: 'disk-failed', infoHash: swarm.infoHash, failure });
    expect(leech.of('paused')).toHaveLength(1);
    swarm.play(() => false, 3_000);
    leech.feed({ type: 'resume', infoHash: swarm.infoHash });
    expect(swarm.play(() => leech.isComplete)).toBe(true);
    expect(holdsAll(leech, swarm)).toBe(true);
  });

  it('keeps one of two connections between the same two peers, and parts when both have everything', () => {
    const swarm = swarmOf(10);
    const seed = swarm.join({ has: 'all', options: quick });
    const leech = swarm.join({ has: 'nothing', options: quick });
    swarm.play(() => leech.of('connected').length > 0 && seed.of('connected').length > 0);
    swarm.play(() => false, 100);
    expect(seed.lines.size).toBeLessThanOrEqual(1);
    swarm.play(() => leech.isComplete);
    swarm.play(() => false, 4_000);
    expect(seed.lines.size).toBe(0);
    expect(leech.of('disconnected').at(-1)?.reason).toMatch(/both-seeds|eof/);
  });

  it('never sends more than its upload limit allows', () => {
    const swarm = swarmOf(11);
    const upBytesPerSec = 100_000;
    const seed = swarm.join({ has: 'all', options: { ...quick, upBytesPerSec } });
    const leech = swarm.join({ has: 'nothing', options: quick });
    const from = swarm.now;
    expect(swarm.play(() => leech.isComplete)).toBe(true);
    const leastMs = ((swarm.content.length - 32_768) / upBytesPerSec) * 1_000;
    expect(swarm.now - from).toBeGreaterThanOrEqual(leastMs);
    expect(swarm.now - from).toBeLessThan(leastMs * 1.5 + 2_000);
    expect(seed.of('served').length).toBeGreaterThan(0);
  });

  it('begins no more pieces than its memory holds, from however many peers', () => {
    const swarm = swarmOf(14);
    for (const _ of [1, 2, 3, 4]) swarm.join({ has: 'all', options: quick });
    const leech = swarm.join({
      has: 'nothing',
      options: { ...quick, maxBufferedBytes: 3 * 65_536 },
    });
    expect(swarm.play(() => leech.isComplete)).toBe(true);
    expect(holdsAll(leech, swarm)).toBe(true);
  });

  it('lets a choked newcomer fetch a few pieces, but none while somebody has what nobody else has', () => {
    for (const { holders, expected } of [
      { holders: 2, expected: 6 },
      { holders: 1, expected: 0 },
    ]) {
      const swarm = swarmOf(15);
      const options = { ...quick, uploadSlots: 0, optimisticSlots: 0 };
      for (let i = 0; i < holders; i += 1) swarm.join({ has: [0, 1, 2, 3, 4, 5], options });
      swarm.play(() => false, 1_000);
      const newcomer = swarm.join({ has: 'nothing', options: quick });
      swarm.play(() => false, 20_000);
      expect(newcomer.disk.size).toBe(expected);
    }
  });

  it('counts a bitfield that is sent again for what it holds now, as aria2 does', () => {
    const swarm = swarmOf(13);
    const leech = swarm.join({ has: 'nothing', options: quick });
    const teller = swarm.join({ has: [0, 1], options: quick });
    swarm.play(() => leech.of('connected').length > 0 && leech.disk.size === 2);
    teller.say({ type: 'bitfield', bits: Uint8Array.of(0b0111_1110) });
    swarm.play(() => false, 1_000);
    expect(leech.availability).toEqual([0, 1, 1, 1, 1, 1, 1]);
  });

  it('asks the tracker for others when none of its peers has anything for it', () => {
    const swarm = swarmOf(15);
    const patient = { ...quick, announceEvery: undefined, idleLimit: seconds(600) };
    const leech = swarm.join({ has: 'nothing', options: patient });
    swarm.join({ has: 'nothing', options: patient });
    swarm.play(() => false, 30_000);
    expect(leech.of('connected')).toHaveLength(1);
    // It comes later, and waits to be called.
    swarm.join({ has: 'all', options: { ...patient, dialUpTo: 0 } });
    expect(swarm.play(() => leech.isComplete, 90_000)).toBe(true);
  });

  it('does not dial itself twice when the tracker names it', () => {
    const swarm = swarmOf(12);
    const lone = swarm.join({ has: 'nothing', options: { ...quick, redialAfter: millis(100) } });
    lone.feed({ type: 'meet', infoHash: swarm.infoHash, addresses: [lone.address] });
    swarm.play(() => false, 10_000);
    expect(lone.of('connected')).toEqual([]);
    expect(lone.lines.size).toBe(0);
  });
});

const holdsAll = (peer: FakePeer, swarm: FakeSwarm): boolean => {
  const bytes = new Uint8Array(swarm.content.length);
  for (const [piece, part] of peer.disk) bytes.set(part, piece * swarm.pieces.pieceLength);
  return sameBytes(bytes, swarm.content);
};
