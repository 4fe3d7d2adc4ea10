/** Numbers beyond which a scenario is refused: each says why. */
import { type Duration, millis } from '../core/time.ts';

const KiB = 2 ** 10;
const MiB = 2 ** 20;
const day = 86_400_000;

/** Groups own a range of addresses each; see `PeerSpec.number`. */
export const maxPeersPerGroup = 65_535;
/** With the above this fills the 24 bits of 127.0.0.0/8. */
export const maxGroups = 255;
/** More than any machine has cores. */
export const maxThreads = 1_024;
/** One tracker's catalogue in a test; more is a test of the tracker alone. */
export const maxContents = 1_000;
/** The largest file anybody measured BitTorrent with, with room; beyond it byte counts of a swarm leave 2^53. */
export const maxContentBytes: number = 2 ** 40;
/** A piece is at least one block (BEP 3: 16 KiB), and a verified piece is held in memory as a whole. */
export const minPieceBytes: number = 16 * KiB;
export const maxPieceBytes: number = 64 * MiB;
/** A month: longer than any published churn study's trace. */
export const maxDuration: Duration = millis(30 * day);
/** A tracker answers with whole seconds (BEP 3). */
export const minTrackerInterval: Duration = millis(1_000);
/** Sampling more often measures the sampler. */
export const minSampleEvery: Duration = millis(10);
/** Nothing is slower than a modem of 1962; a rate of 0 is a cut, and is written as one. */
export const minBytesPerSec = 37;
export const maxBytesPerSec = 125e9;
/** A clock set by hand in the wrong time zone. */
export const maxSkew: Duration = millis(day);
/** Crystals are off by 20 to 100 parts per million; ten per cent is a virtual machine that lost its timer. */
export const maxDriftPpm = 100_000;
export const maxArrivalsPerSec = 10_000;
/** Outside this a Weibull draw is either always nothing or always the same. */
export const minShape = 0.05;
export const maxShape = 20;
export const maxSigma = 10;
export const maxTimelineSteps = 10_000;
export const maxExpectations = 1_000;
/** Names become file names and words in conditions. */
export const maxNameChars = 60;
