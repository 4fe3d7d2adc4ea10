/** The record of a run: all that checks and reports may read. */
import type { Duration, Instant } from '../core/time.ts';
import type { Endpoint, PeerId } from '../core/torrent/ids.ts';
import type { CheckResult } from './check-result.ts';
import type { Cause, Plan } from './plan.ts';
import type { Scenario } from './scenario.ts';
import type {
  Action,
  ContentFacts,
  Environment,
  FileFound,
  Leak,
  RecordedEvent,
  Simulated,
  TorrentWord,
} from './world.ts';

export type { CheckResult } from './check-result.ts';

export type RunRecord = {
  readonly header: RecordHeader;
  /** In the order of `plan.contents`; empty when the run was refused before its start. */
  readonly contents: readonly ContentFacts[];
  readonly peers: readonly PeerRecord[];
  readonly actions: readonly PerformedAction[];
  readonly events: readonly RecordedEvent[];
  readonly samples: readonly PeerSample[];
  readonly tracker: readonly TrackerSample[];
  readonly transfers: readonly Transfer[];
  readonly files: readonly FileFound[];
  readonly leaks: readonly Leak[];
  /** Steps of the timeline that were never played, since what they waited for did not come in time. */
  readonly missed: readonly { readonly when: string; readonly action: Action }[];
  readonly checks: readonly CheckResult[];
  readonly end: RecordEnd;
};

export type RecordHeader = {
  readonly format: 'swarmproof-record';
  readonly version: 1;
  readonly scenario: Scenario;
  /** What was said on the command line to change it: `peers.leecher.count=3`. */
  readonly overrides: readonly string[];
  /** How a user names the scenario: its library name or the path of its file. */
  readonly source: string;
  readonly seed: number;
  readonly plan: Plan;
  readonly world: 'loopback' | 'virtual';
  readonly environment: Environment;
};

/** Who a peer was. Its state at the end is its last sample. */
export type PeerRecord = {
  readonly name: string;
  readonly role: string;
  readonly peerId: PeerId;
  /** Undefined when it never joined. */
  readonly address?: Endpoint;
  /** Where it was seen before it moved, in order; left out when it never did. */
  readonly movedFrom?: readonly Endpoint[];
};

export type PerformedAction = {
  /** When the world was told. */
  readonly at: Instant;
  /** When the world had done it; undefined when it failed or was cut short. */
  readonly doneAt?: Instant;
  readonly action: Action;
  readonly cause: Cause;
  readonly error?: string;
};

/** One peer at one moment; fields as in `PeerObservation`. */
export type PeerSample = {
  readonly at: Instant;
  readonly peer: string;
  readonly isUp: boolean;
  readonly piecesHave: number;
  readonly pieceCount: number;
  readonly isComplete: boolean;
  readonly bytesDown: number;
  readonly bytesUp: number;
  readonly bytesWasted: number;
  readonly downBytesPerSec: number;
  readonly upBytesPerSec: number;
  readonly connections: number;
};

/** The tracker's word and the truth, at one moment. */
export type TrackerSample = {
  readonly askedAt: Instant;
  readonly answeredAt: Instant;
  readonly failure?: string;
  readonly word: readonly TorrentWord[];
  /** In the order of the contents, by peer name, when the answer came. */
  readonly truth: readonly TrueLists[];
};

export type TrueLists = {
  readonly seeders: readonly string[];
  readonly leechers: readonly string[];
};

/** Who sent whom how much, as each side counted. */
export type Transfer = {
  readonly from: string;
  readonly to: string;
  readonly content: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** How long the sender had the receiver unchoked. */
  readonly unchoked: Duration;
};

export type Verdict = 'passed' | 'failed' | 'unsupported';

export type RecordEnd = {
  readonly at: Instant;
  readonly verdict: Verdict;
  /** Somebody asked for an early end; what follows from it is still judged. */
  readonly interrupted: boolean;
  /** In a lean record, which does not keep the claims themselves. */
  readonly claims?: Claims;
  /** Left out by a world in real time. */
  readonly simulated?: Simulated;
};

/** What peers announced or served, each checked as it was told: how many, and those that came before a verification. */
export type Claims = { readonly checked: number; readonly broken: readonly string[] };
