/** Expectations about the tracker's lists. */
import type { PeerId } from '../../core/torrent/ids.ts';
import { crashTypes } from '../action.ts';
import { grouped } from '../checks/verdict.ts';
import type { Evidence } from '../evidence.ts';
import type { Expectation } from '../expectation.ts';
import type { TrackerSample } from '../record.ts';
import { type Span, outages } from '../truth.ts';
import type { TorrentWord } from '../world.ts';
import { type Claim, type Finding, broken, ofEach, unless } from './finding.ts';

export function listedAsSeeder(
  { listedAsSeeder: who, within }: Claim<Expectation, 'listedAsSeeder'>,
  evidence: Evidence,
): Finding {
  const bound = within ?? evidence.record.header.plan.tracker.announceWithin;
  const wrong = (name: string): string | undefined => {
    const spans = evidence.spans.filter(({ peer, state }) => peer === name && state === 'seeder');
    if (spans.length === 0) return `${name} never held everything`;
    return spans.map((span) => unlisted(span, bound, evidence)).find((what) => what !== undefined);
  };
  return ofEach(evidence, who, wrong, (count) => `${count} listed within ${grouped(bound)} ms`);
}

/** What is wrong when a seeder is not in the list in time: a sample after the bound that still lacks it. */
function unlisted(span: Span, bound: number, evidence: Evidence): string | undefined {
  const asked = answers(evidence).filter(({ askedAt }) => askedAt >= span.from);
  const first = asked.findIndex((sample) => lists(sample, span, evidence).asSeeder);
  if (first < 0) return `${span.peer} was never listed as a seeder`;
  const late = asked.slice(0, first).find(({ askedAt }) => askedAt > span.from + bound);
  if (late === undefined) return undefined;
  return `${span.peer} was not listed ${grouped(late.askedAt - span.from)} ms after it held everything`;
}

export function leavesList(
  { leavesList: who, within }: Claim<Expectation, 'leavesList'>,
  evidence: Evidence,
): Finding {
  const wrong = (name: string): string | undefined => {
    const ended = evidence.spans.filter(
      ({ peer, endedBy }) => peer === name && (endedBy === 'leave' || endedBy === 'crash'),
    );
    if (ended.length === 0) return `${name} did not go`;
    return ended.map((span) => lingers(span, within, evidence)).find((what) => what !== undefined);
  };
  return ofEach(evidence, who, wrong, (count) => `${count} left the list in time`);
}

function lingers(span: Span, within: number | undefined, evidence: Evidence): string | undefined {
  const { peer, content, to = span.from, endedBy } = span;
  const order = evidence
    .actionsOn(peer, 'leave', ...crashTypes, 'restart')
    .find(({ at }) => at === to);
  const { expireAfter } = evidence.record.header.plan.tracker;
  const due = Math.max(
    order?.doneAt ?? to,
    to + (within ?? (endedBy === 'crash' ? expireAfter : 0)),
  );
  const back = evidence.spans.find(
    (next) => next.peer === peer && next.content === content && next.from >= to && next !== span,
  );
  const asked = answers(evidence);
  if (!asked.some((sample) => sample.askedAt < to && lists(sample, span, evidence).atAll)) {
    return `${peer} was not in the list before it went`;
  }
  const after = asked.filter(
    ({ askedAt, answeredAt }) => askedAt >= to && answeredAt < (back?.from ?? Infinity),
  );
  if (after.length === 0) return `nobody asked the tracker after ${peer} went`;
  const last = after.findLast((sample) => lists(sample, span, evidence).atAll);
  if (last === undefined) return undefined;
  if (last === after.at(-1)) return `${peer} was still listed when the tracker was last asked`;
  if (last.askedAt <= due) return undefined;
  return `${peer} was still listed ${grouped(last.askedAt - to)} ms after it went, due ${grouped(due - to)} ms`;
}

const answers = ({ record }: Evidence): readonly TrackerSample[] =>
  record.tracker.filter(({ failure }) => failure === undefined);

function lists(
  sample: TrackerSample,
  { peer, content }: Span,
  evidence: Evidence,
): { readonly asSeeder: boolean; readonly atAll: boolean } {
  const peerId = evidence.spec(peer)?.peerId;
  const catalogue = wordOf(sample, content, evidence)?.catalogue;
  const isIn = (ids: readonly PeerId[] | undefined): boolean =>
    peerId !== undefined && (ids?.includes(peerId) ?? false);
  const asSeeder = isIn(catalogue?.seeders);
  return { asSeeder, atAll: asSeeder || isIn(catalogue?.leechers) };
}

const wordOf = (
  sample: TrackerSample,
  content: number,
  { record }: Evidence,
): TorrentWord | undefined =>
  sample.word.find(({ infoHash }) => infoHash === record.contents[content]?.infoHash);

export function trackerKeepsIds(evidence: Evidence): Finding {
  const { record } = evidence;
  const back = outages(record.actions).filter(({ to }) => to < Infinity);
  const [first] = back;
  const last = back.at(-1);
  if (first === undefined || last === undefined) return broken('the tracker was not restarted');
  const idsIn = (samples: readonly TrackerSample[], content: number): ReadonlySet<number> =>
    new Set(samples.flatMap((sample) => wordOf(sample, content, evidence)?.catalogue?.id ?? []));
  const before = answers(evidence).filter(({ answeredAt }) => answeredAt <= first.from);
  const after = answers(evidence).filter(({ askedAt }) => askedAt >= last.to);
  const wrong = record.contents.flatMap(({ name }, content) => {
    const [old, now] = [idsIn(before, content), idsIn(after, content)];
    if (old.size === 0) return [`${name} was not in the list before`];
    if (now.size === 0) return [`${name} did not come back to the list`];
    const all = [...new Set([...old, ...now])];
    return all.length === 1 ? [] : [`${name} had the ids ${all.join(', ')}`];
  });
  return unless(wrong, `${record.contents.length} contents came back with their ids`);
}
