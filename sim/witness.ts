/**
 * Somebody who looks over the shoulders of a world's machines: everything they are told and say passes by, before the
 * world carries it out. It changes nothing, and the world never asks what it thinks until the end.
 */
import type { TorrentOutput } from '../core/swarm/jobs.ts';
import type { SessionInput } from '../core/swarm/session.ts';
import type { Torrent } from '../core/swarm/torrent.ts';
import type { InfoHash } from '../core/torrent/ids.ts';
import type { HttpAnswer } from '../core/tracker/http.ts';
import type { Instant } from '../core/time.ts';
import type { BlockRef } from '../core/torrent/pieces.ts';
import type { Plan, PeerSpec } from './plan.ts';
import type { CheckResult } from './check-result.ts';
import type { ContentFacts } from './world.ts';

export interface Witness {
  /** A life of an honest peer begins. */
  begins(life: Life): LifeWitness;
  /** A question has reached the tracker and was answered; undefined: nobody listened. */
  asked(now: Instant, question: Question, answer: HttpAnswer | undefined): void;
  /** The tracker lost all it knew of peers. */
  forgot(now: Instant): void;
  /** What it found wrong, one for each rule that was broken; one that held when none was. */
  readonly checks: readonly CheckResult[];
}

export interface LifeWitness {
  /** The session was given one input and wants these things done. `now` is the host's own clock. */
  handled(now: Instant, input: SessionInput, outputs: readonly TorrentOutput[]): void;
}

export type Life = {
  readonly spec: PeerSpec;
  /** The session's own, to be looked at only. */
  readonly torrents: ReadonlyMap<InfoHash, Torrent>;
  readonly deadline: () => Instant | undefined;
};

export type Question = { readonly target: string; readonly remoteIp: string };

/** What a witness is told before the world begins. */
export type WitnessFacts = {
  readonly plan: Plan;
  readonly contents: readonly ContentFacts[];
  /** Whether these are the bytes of the source. */
  readonly isHonest: (infoHash: InfoHash, block: BlockRef, bytes: Uint8Array) => boolean;
  /** Whether somebody who means harm is at this address. */
  readonly isHostileAt: (ip: string) => boolean;
};
