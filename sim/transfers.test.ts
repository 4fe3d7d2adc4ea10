import { describe, expect, it } from 'vitest';
import type { Instant } from '../core/time.ts';
import type { PerformedAction, RunRecord } from './record.ts';
import { factsOf } from './testing/fake-world.ts';
import { calm, recordOf } from './testing/records.ts';
import { transfersOf } from './transfers.ts';
import { UnchokeWatch } from './unchoke-watch.ts';
import type { PairBytes, RecordedEvent } from './world.ts';

const record = await recordOf(calm);

describe('transfers', () => {
  it('put what both sides counted side by side', () => {
    const pairs: readonly PairBytes[] = [
      { peer: 'seeder-0', other: 'leecher-0', content: 0, bytesDown: 0, bytesUp: 70 },
      { peer: 'leecher-0', other: 'seeder-0', content: 0, bytesDown: 60, bytesUp: 0 },
    ];
    expect(transfers({ pairs })).toEqual([
      {
        from: 'seeder-0',
        to: 'leecher-0',
        content: 0,
        bytesSent: 70,
        bytesReceived: 60,
        unchoked: 0,
      },
    ]);
  });

  it.each([
    ['the choke', [unchoked(100), choked(400)], [], 300],
    ['the end of the connection', [unchoked(100), disconnected(250)], [], 150],
    ['the crash of the sender', [unchoked(100), verified(500)], [crash(300)], 200],
    ['its power cut', [unchoked(100), verified(500)], [crash(300, 'power-cut')], 200],
    ['the end of the run', [unchoked(100)], [], 900],
    ['the first of two', [unchoked(100), unchoked(200), choked(300), choked(350)], [], 200],
    ['each of two times', [unchoked(100), choked(200), unchoked(300), choked(350)], [], 150],
    [
      'what the sender alone says',
      [by('them', unchoked(100)), unchoked(300), by('them', choked(400)), choked(500)],
      [],
      200,
    ],
  ])('count unchoked time up to %s', (_, events, actions, ms) => {
    expect(transfers({ events, actions })[0]?.unchoked ?? 0).toBe(ms);
  });
});

function transfers(run: {
  readonly pairs?: readonly PairBytes[];
  readonly events?: readonly RecordedEvent[];
  readonly actions?: readonly PerformedAction[];
}): RunRecord['transfers'] {
  const watch = new UnchokeWatch(record.header.plan, record.contents);
  const { pairs = [], events = [], actions = [] } = run;
  const story = [
    ...actions.map(({ at, action }) => ({ at, tell: () => void watch.act(at, action) })),
    ...events.map((told) => ({ at: told.at, tell: () => void watch.see(told) })),
  ];
  for (const { tell } of story.sort((a, b) => a.at - b.at)) tell();
  return transfersOf(pairs, watch.close(1_000 as Instant));
}

function event(at: number, body: object): RecordedEvent {
  const peerId = record.header.plan.peers.find(({ name }) => name === 'leecher-0')?.peerId;
  return { at, peer: 'seeder-0', infoHash: factsOf(0).infoHash, peerId, ...body } as RecordedEvent;
}

function unchoked(at: number): RecordedEvent {
  return event(at, { type: 'unchoked', by: 'us' });
}

function choked(at: number): RecordedEvent {
  return event(at, { type: 'choked', by: 'us' });
}

function disconnected(at: number): RecordedEvent {
  return event(at, { type: 'disconnected', reason: 'eof', bytesDown: 0, bytesUp: 0 });
}

function verified(at: number): RecordedEvent {
  return event(at, { type: 'piece-verified', piece: 0, piecesHave: 1 });
}

function by(who: 'us' | 'them', seen: RecordedEvent): RecordedEvent {
  return { ...seen, by: who } as RecordedEvent;
}

function crash(at: number, type: 'crash' | 'power-cut' = 'crash'): PerformedAction {
  const action = { type, peer: 'seeder-0' } as const;
  return { at: at as Instant, doneAt: at as Instant, action, cause: 'timeline' };
}
