/** The bars of a run: one for the swarm, then one for every peer as it joins. */
import type { PeerObservation } from '../../sim/world.ts';
import type { Progress } from '../../sim/run.ts';
import type { Bar, Bars } from './bars.ts';
import { countText, rateText } from './units.ts';

/** Width of the longest name in most scenarios: `late-leecher-10`. */
const nameChars = 16;

export class RunBars {
  readonly #bars: Bars;
  readonly #peers = new Map<string, Bar>();
  #swarm: Bar | undefined;

  constructor(bars: Bars) {
    this.#bars = bars;
  }

  update({ plan, seen }: Progress): void {
    this.#swarm ??= this.#bars.add('complete'.padEnd(nameChars), plan.peers.length);
    const peers = [...seen.peers.values()];
    const complete = peers.filter((peer) => peer.isComplete).length;
    const up = peers.filter((peer) => peer.isUp).length;
    this.#swarm.update(
      complete,
      `${complete} of ${countText(plan.peers.length, 'peer')}, ${up} up`,
    );
    for (const [name, peer] of seen.peers)
      this.#barOf(name, peer).update(peer.piecesHave, note(peer));
  }

  #barOf(name: string, { pieceCount }: PeerObservation): Bar {
    const known = this.#peers.get(name);
    if (known !== undefined) return known;
    const bar = this.#bars.add(name.padEnd(nameChars), pieceCount);
    this.#peers.set(name, bar);
    return bar;
  }
}

function note(peer: PeerObservation): string {
  if (!peer.isUp) return 'gone';
  if (peer.pauseReason !== undefined) return `paused: ${peer.pauseReason.code}`;
  const up = `${rateText(peer.upBytesPerSec)} up`;
  return peer.isComplete ? `complete, ${up}` : `${rateText(peer.downBytesPerSec)} down, ${up}`;
}
