/** Expectations about who sends whom how much. */
import type { Instant } from '../../core/time.ts';
import { grouped } from '../checks/verdict.ts';
import type { Evidence } from '../evidence.ts';
import type { Expectation } from '../expectation.ts';
import { firstAt } from './completion.ts';
import { type Claim, type Finding, broken, isFinding, percent, taking, unless } from './finding.ts';

export function bytesFromEach(
  { bytesFromEach: who, to, share }: Claim<Expectation, 'bytesFromEach'>,
  evidence: Evidence,
): Finding {
  const [senders, receivers] = [taking(evidence, who), taking(evidence, to)];
  if (isFinding(senders)) return senders;
  if (isFinding(receivers)) return receivers;
  let least = Infinity;
  const wrong = receivers.flatMap((receiver) => {
    const others = senders.filter((sender) => sender !== receiver);
    const total = received(evidence, others, [receiver]);
    if (total === 0) return [`${receiver} got nothing from them`];
    return others.flatMap((sender) => {
      const part = (received(evidence, [sender], [receiver]) * others.length) / total;
      least = Math.min(least, part);
      return part >= share ? [] : [`${sender} gave ${receiver} ${percent(part)} of an equal part`];
    });
  });
  return unless(wrong, `the least was ${percent(least)} of an equal part`);
}

export function shareFrom(
  { shareFrom: who, to, atLeast, atMost }: Claim<Expectation, 'shareFrom'>,
  evidence: Evidence,
): Finding {
  const [senders, receivers] = [taking(evidence, who), taking(evidence, to)];
  if (isFinding(senders)) return senders;
  if (isFinding(receivers)) return receivers;
  const everyone = evidence.record.peers.map(({ name }) => name);
  const total = received(evidence, everyone, receivers);
  if (total === 0) return broken(`${to} got nothing from anybody`);
  const share = received(evidence, senders, receivers) / total;
  const told = `${percent(share)} of what ${to} got came from ${who}`;
  const holds = share >= (atLeast ?? 0) && share <= (atMost ?? 1);
  return unless(holds ? [] : [told], told);
}

const received = (evidence: Evidence, from: readonly string[], to: readonly string[]): number =>
  evidence.transfersBetween(from, to).reduce((sum, { bytesReceived }) => sum + bytesReceived, 0);

/** Blocks already handed to a socket, or asked for, when the action came. */
const defaultGraceMs = 500;

export function sendsNothing(
  { sendsNothing: who, to, after, until, grace }: Claim<Expectation, 'sendsNothing'>,
  evidence: Evidence,
): Finding {
  const [senders, receivers] = [taking(evidence, who), taking(evidence, to)];
  if (isFinding(senders)) return senders;
  if (isFinding(receivers)) return receivers;
  const begun = firstAt(evidence, after, 0 as Instant);
  if (begun === undefined) return broken(`there was no ${after}`);
  const over = until === undefined ? evidence.record.end.at : firstAt(evidence, until, begun);
  if (over === undefined) return broken(`there was no ${until ?? ''} after it`);
  const from = begun + (grace ?? defaultGraceMs);
  if (from >= over)
    return broken(`between ${after} and ${until ?? 'the end'} there is no time to look at`);
  const wrong = senders.flatMap((sender) =>
    evidence
      .eventsOf(sender)
      .filter((event) => event.type === 'served' && event.at > from && event.at < over)
      .filter((event) => 'peerId' in event && receivers.includes(nameOf(evidence, event.peerId)))
      .map(({ at }) => `${sender} served one of ${to} at ${grouped(at)} ms`),
  );
  return unless(wrong, `nothing from ${grouped(from)} to ${grouped(over)} ms`);
}

const nameOf = (
  evidence: Evidence,
  peerId: Parameters<Evidence['nameOf']>[0] | undefined,
): string => (peerId === undefined ? undefined : evidence.nameOf(peerId)) ?? '';

export function wastedBelow(
  { wastedBelow: limit, of }: Claim<Expectation, 'wastedBelow'>,
  evidence: Evidence,
): Finding {
  const group = taking(evidence, of);
  if (isFinding(group)) return group;
  const sum = (count: 'bytesWasted' | 'bytesDown'): number =>
    group.reduce((total, name) => total + (evidence.last(name)?.[count] ?? 0), 0);
  const down = sum('bytesDown');
  if (down === 0) return broken(`${of} got nothing, so that nothing could be wasted`);
  const told = `${grouped(sum('bytesWasted'))} of ${grouped(down)} bytes, ${percent(sum('bytesWasted') / down)}`;
  return unless(sum('bytesWasted') / down < limit ? [] : [told], told);
}
