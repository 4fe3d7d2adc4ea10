/** What became of somebody hostile, and what it cost the others, beside the same run without it. */
import { mean } from 'simple-statistics';
import { Evidence } from '../sim/evidence.ts';
import { meetingsOf } from '../sim/meetings.ts';
import type { RunRecord } from '../sim/record.ts';

/** What the catalogue says of a kind. */
export type Hostility = {
  readonly kind: string;
  readonly fate: 'banned' | 'disconnected' | 'tolerated';
  /** The others may take so many times as long, at most. */
  readonly slowdown: number;
};

export type HostileRow = {
  readonly kind: string;
  readonly expected: Hostility['fate'];
  readonly happened: string;
  /** From the first meeting to the first ban, or hanging up; null where nobody need notice anything, or did. */
  readonly detectedMs: number | null;
  /** How many times as long the leechers took, in the mean. */
  readonly slowdown: number;
  /** Of what they received: how much more the leechers threw away than without it. */
  readonly wastedBytes: number;
  readonly verdict: 'passed' | 'failed';
  /** What did not hold. */
  readonly broken: readonly string[];
};

export function hostileRow(
  { fate, kind, slowdown: most }: Hostility,
  { hostile, honest }: { readonly hostile: RunRecord; readonly honest: RunRecord },
): HostileRow {
  const evidence = new Evidence(hostile);
  const slowdown = completionMs(hostile) / completionMs(honest);
  const checks = hostile.checks.filter(({ held }) => !held);
  const broken = checks.map(({ name, detail }) => `${name}: ${detail}`);
  // A run in which nobody finished has no time to compare.
  if (!(slowdown <= most))
    broken.push(`the others took ${slowdown.toFixed(2)} times as long, at most ${most}`);
  return {
    kind,
    expected: fate,
    ...outcome(evidence, fate),
    slowdown,
    wastedBytes: wastedBytes(hostile) - wastedBytes(honest),
    verdict: broken.length === 0 ? 'passed' : 'failed',
    broken,
  };
}

function outcome(
  evidence: Evidence,
  fate: Hostility['fate'],
): Pick<HostileRow, 'happened' | 'detectedMs'> {
  if (fate === 'tolerated') return { happened: 'tolerated', detectedMs: null };
  const { events, header } = evidence.record;
  const intruders = header.plan.peers
    .map(({ name }) => name)
    .filter((name) => !evidence.isHonest(name));
  const meetings = intruders.flatMap((name) => meetingsOf(name, evidence));
  const hungUp = meetings.filter(({ wasEnded }) => wasEnded);
  const bans = events.filter(
    (event) => event.type === 'banned' && intruders.includes(evidence.nameAt(event.address) ?? ''),
  );
  // Of one that must be banned, no hanging up counts: peers that both have everything part as well.
  const noticed =
    fate === 'banned' ? bans.map(({ at }) => at) : hungUp.map(({ from, lasted }) => from + lasted);
  const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
  return {
    happened:
      fate === 'banned' ? `banned ${times(bans.length)}` : `hung up on ${times(hungUp.length)}`,
    detectedMs:
      noticed.length === 0
        ? null
        : Math.min(...noticed) - Math.min(...meetings.map(({ from }) => from)),
  };
}

function completionMs({ events }: RunRecord): number {
  const done = events.filter(({ type, peer }) => type === 'completed' && isLeecher(peer));
  return done.length === 0 ? Infinity : mean(done.map(({ at }) => at));
}

function wastedBytes({ events }: RunRecord): number {
  return events.reduce(
    (sum, event) => sum + (event.type === 'wasted' && isLeecher(event.peer) ? event.bytes : 0),
    0,
  );
}

const isLeecher = (peer: string): boolean => peer.startsWith('leecher-');
