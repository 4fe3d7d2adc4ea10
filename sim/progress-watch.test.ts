import { expect, it } from 'vitest';
import type { Instant } from '../core/time.ts';
import { plan } from './plan.ts';
import { ProgressWatch } from './progress-watch.ts';
import { parseScenario } from './schema.ts';
import { factsOf, pieceCount } from './testing/fake-world.ts';
import { calm } from './testing/records.ts';
import type { RecordedEvent } from './world.ts';

function watch(contents: number): ProgressWatch {
  const content = Array.from({ length: contents }, () => ({ bytes: 100 }));
  const { peers } = plan(parseScenario({ ...calm, content }), 1);
  return new ProgressWatch(
    { peers },
    content.map((_, index) => factsOf(index)),
  );
}

function event(at: number, content: number, body: object): RecordedEvent {
  const { infoHash } = factsOf(content);
  return { at: at as Instant, peer: 'leecher-0', infoHash, ...body } as RecordedEvent;
}

const opened = (at: number, content: number, piecesHave: number): RecordedEvent =>
  event(at, content, { type: 'opened', source: 'new', have: '', piecesHave, pieceCount });

it('says that a peer joined, and that it has completed with the last of its contents', () => {
  const seen = watch(2);
  const joined = { peer: 'leecher-0', type: 'joined' };
  expect(seen.see(opened(10, 0, 3))).toEqual([{ at: 10, ...joined }]);
  expect(seen.see(opened(11, 1, pieceCount))).toEqual([{ at: 11, ...joined }]);
  expect(seen.see(event(20, 0, { type: 'piece-verified', piece: 1, piecesHave: 4 }))).toEqual([]);
  const completed = { at: 30, peer: 'leecher-0', type: 'completed' };
  expect(seen.see(event(30, 0, { type: 'completed' }))).toEqual([completed]);
});

it('says at once of a seeder that it is complete, and no longer once it lost its data', () => {
  const seen = watch(1);
  expect(seen.see(opened(5, 0, pieceCount)).map(({ type }) => type)).toEqual([
    'joined',
    'completed',
  ]);
  expect(seen.see(opened(9, 0, 0)).map(({ type }) => type)).toEqual(['joined']);
});

it('takes no notice of strangers', () => {
  const stranger = { ...opened(5, 0, 0), peer: 'somebody' };
  expect(watch(1).see(stranger)).toEqual([]);
  expect(watch(1).see(opened(5, 7, 0))).toEqual([]);
});
