import { describe, expect, it } from 'vitest';
import type { Instant } from '../core/time.ts';
import type { PerformedAction } from './record.ts';
import { factsOf, pieceCount } from './testing/fake-world.ts';
import { Truth, frozenWindows, outages } from './truth.ts';
import type { Action, RecordedEvent } from './world.ts';

describe('the truth', () => {
  it('follows a peer from leecher to seeder to gone', () => {
    const truth = new Truth([factsOf(0)]);
    truth.act(at(0), { type: 'join', peer: 'a' });
    truth.see(opened(10, 0));
    expect(truth.lists()).toEqual([{ seeders: [], leechers: ['a'] }]);
    truth.see(verified(20, 1));
    truth.see(verified(30, pieceCount));
    truth.see(event(31, { type: 'completed' }));
    expect(truth.lists()).toEqual([{ seeders: ['a'], leechers: [] }]);
    truth.act(at(40), { type: 'leave', peer: 'a' });
    expect(truth.lists()).toEqual([{ seeders: [], leechers: [] }]);
    expect(truth.spans()).toEqual([
      { peer: 'a', content: 0, state: 'leecher', from: 10, to: 30, endedBy: 'change' },
      { peer: 'a', content: 0, state: 'seeder', from: 30, to: 40, endedBy: 'leave' },
    ]);
  });

  it('does not call a seeder who has only what it wants', () => {
    const truth = new Truth([factsOf(0)]);
    truth.act(at(0), { type: 'join', peer: 'a' });
    truth.see(opened(10, 0));
    truth.see(verified(20, 4));
    truth.see(event(20, { type: 'completed' }));
    expect(truth.lists()).toEqual([{ seeders: [], leechers: [] }]);
    truth.see(verified(30, 5));
    expect(truth.spans().at(-1)).toMatchObject({ state: 'between', from: 20 });
    truth.see(verified(40, pieceCount));
    expect(truth.lists()[0]?.seeders).toEqual(['a']);
  });

  it('calls who stands still a seeder if it lacks nothing, and nothing if it does', () => {
    const pause = { type: 'paused', reason: { code: 'asked' } } as const;
    const truth = new Truth([factsOf(0)]);
    truth.act(at(0), { type: 'join', peer: 'a' });
    truth.see(opened(10, 0));
    truth.see(event(20, pause));
    expect(truth.lists()).toEqual([{ seeders: [], leechers: [] }]);
    truth.see(event(30, { type: 'resumed' }));
    expect(truth.lists()).toEqual([{ seeders: [], leechers: ['a'] }]);
    truth.see(verified(40, pieceCount));
    truth.see(event(50, pause));
    expect(truth.lists()).toEqual([{ seeders: ['a'], leechers: [] }]);
  });

  it('hears after its end of a life that ended in the moment it began', () => {
    const truth = new Truth([factsOf(0)]);
    truth.act(at(10), { type: 'join', peer: 'a' });
    truth.act(at(10), { type: 'power-cut', peer: 'a' });
    truth.see(opened(10, pieceCount));
    expect(truth.lists()).toEqual([{ seeders: [], leechers: [] }]);
    expect(truth.spans()).toEqual([
      { peer: 'a', content: 0, state: 'seeder', from: 10, to: 10, endedBy: 'crash' },
    ]);
  });

  it('hears after its end of a completion in the very moment of it', () => {
    const truth = new Truth([factsOf(0)]);
    truth.act(at(10), { type: 'join', peer: 'a' });
    truth.see(opened(10, 0));
    truth.act(at(20), { type: 'leave', peer: 'a' });
    truth.see(verified(20, pieceCount - 1));
    truth.see(verified(20, pieceCount));
    truth.see(verified(21, pieceCount));
    expect(truth.lists()).toEqual([{ seeders: [], leechers: [] }]);
    expect(truth.spans()).toEqual([
      { peer: 'a', content: 0, state: 'leecher', from: 10, to: 20, endedBy: 'leave' },
      { peer: 'a', content: 0, state: 'seeder', from: 20, to: 20, endedBy: 'leave' },
    ]);
  });

  it('believes no word of who is gone, and begins anew after a restart', () => {
    const truth = new Truth([factsOf(0)]);
    truth.see(opened(5, pieceCount));
    expect(truth.spans()).toEqual([]);
    truth.act(at(10), { type: 'join', peer: 'a' });
    truth.see(opened(20, pieceCount));
    truth.act(at(30), { type: 'crash', peer: 'a' });
    truth.see(verified(31, 3));
    truth.act(at(40), { type: 'restart', peer: 'a', resume: 'trust' });
    truth.see(opened(50, 2));
    expect(truth.spans().map(({ state, from, to, endedBy }) => [state, from, to, endedBy])).toEqual(
      [
        ['seeder', 20, 30, 'crash'],
        ['leecher', 50, undefined, undefined],
      ],
    );
  });

  it('knows when the tracker was away and who was frozen', () => {
    const actions = [
      done(10, 12, { type: 'tracker-stop' }),
      done(15, 15, { type: 'freeze', peer: 'a' }),
      done(20, 25, { type: 'tracker-restart' }),
      done(30, 30, { type: 'thaw', peer: 'a' }),
      done(40, 45, { type: 'tracker-restart' }),
      done(50, 50, { type: 'freeze', peer: 'a' }),
      done(60, 60, { type: 'tracker-stop' }),
    ];
    expect(outages(actions)).toEqual([
      { from: 10, to: 25 },
      { from: 40, to: 45 },
      { from: 60, to: Infinity },
    ]);
    expect(frozenWindows(actions, 'a')).toEqual([
      { from: 15, to: 30 },
      { from: 50, to: Infinity },
    ]);
    expect(frozenWindows(actions, 'b')).toEqual([]);
  });

  it('takes a frozen peer for frozen until it thaws or goes, whatever else is done to it', () => {
    const freeze = done(10, 10, { type: 'freeze', peer: 'a' });
    const limit = done(20, 20, { type: 'limit', peer: 'a' });
    for (const type of ['thaw', 'leave', 'crash', 'power-cut'] as const)
      expect(frozenWindows([freeze, limit, done(30, 30, { type, peer: 'a' })], 'a')).toEqual([
        { from: 10, to: 30 },
      ]);
  });
});

function at(ms: number): Instant {
  return ms as Instant;
}

function event(ms: number, body: object): RecordedEvent {
  return { at: at(ms), peer: 'a', infoHash: factsOf(0).infoHash, ...body } as RecordedEvent;
}

function opened(ms: number, piecesHave: number): RecordedEvent {
  return event(ms, { type: 'opened', source: 'checked', have: '00', piecesHave, pieceCount });
}

function verified(ms: number, piecesHave: number): RecordedEvent {
  return event(ms, { type: 'piece-verified', piece: piecesHave - 1, piecesHave });
}

function done(ms: number, doneMs: number, action: Action): PerformedAction {
  return { at: at(ms), doneAt: at(doneMs), action, cause: 'timeline' };
}
