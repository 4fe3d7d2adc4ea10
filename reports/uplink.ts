/** What was made of the uplinks, and how often the first seeds had to send the content. */
import type { PeerSample, RunRecord } from '../sim/record.ts';
import { type Life, livesOf } from './lives.ts';

export type Span = { readonly fromMs: number; readonly toMs: number };

/**
 * Payload uploaded over the capacity of the uplinks of those who were up, within the span. Undefined when somebody's
 * uplink has no limit, or nobody was up.
 */
export function uplinkUtilisation(record: RunRecord, span: Span): number | undefined {
  const lives = livesOf(record);
  let capacity = 0;
  for (const own of lives.values()) for (const life of own) capacity += capacityOf(life, span);
  if (capacity === 0 || capacity === Infinity) return undefined;
  return uploaded(record.samples, span) / capacity;
}

function capacityOf({ fromMs, toMs, upBytesPerSec }: Life, span: Span): number {
  const ms = Math.min(toMs, span.toMs) - Math.max(fromMs, span.fromMs);
  return ms > 0 ? (upBytesPerSec * ms) / 1_000 : 0;
}

/** Between two samples the bytes are taken to have flowed evenly. */
function uploaded(samples: readonly PeerSample[], { fromMs, toMs }: Span): number {
  const before = new Map<string, PeerSample>();
  let bytes = 0;
  for (const sample of samples) {
    const last = before.get(sample.peer);
    before.set(sample.peer, sample);
    if (last === undefined) {
      if (sample.at > fromMs && sample.at <= toMs) bytes += sample.bytesUp;
      continue;
    }
    const within = Math.min(sample.at, toMs) - Math.max(last.at, fromMs);
    if (within <= 0) continue;
    bytes += ((sample.bytesUp - last.bytesUp) * within) / (sample.at - last.at);
  }
  return bytes;
}

/**
 * Bytes that the first seeds sent, over the size of what they seeded: 1 is the least that brings a content out.
 * Undefined when nobody begins with a whole content.
 */
export function seedRedundancy({ header, contents, transfers }: RunRecord): number | undefined {
  const seeds = firstSeeds(header.plan.peers, contents.length);
  const size = contents.reduce(
    (sum, { length }, content) => sum + (seeds[content]?.size === 0 ? 0 : length),
    0,
  );
  if (size === 0) return undefined;
  let sent = 0;
  for (const { from, content, bytesSent } of transfers)
    if (seeds[content]?.has(from) === true) sent += bytesSent;
  return sent / size;
}

/** For each content the names of those who begin with all of it. */
export const firstSeeds = (
  peers: RunRecord['header']['plan']['peers'],
  contentCount: number,
): readonly ReadonlySet<string>[] =>
  Array.from({ length: contentCount }, (_, index) => {
    const begin = peers.filter(({ contents }) =>
      contents.some(({ content, has }) => content === index && has === 'all'),
    );
    return new Set(begin.map(({ name }) => name));
  });
