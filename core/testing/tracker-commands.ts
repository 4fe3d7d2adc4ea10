/** What may happen to a tracker, played on the Registry and on its model at once. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { AnnounceRequest } from '../tracker/announce.ts';
import type { RegistryParts } from '../tracker/registry.ts';
import { InfoHash, PeerId } from '../torrent/ids.ts';
import { Registry } from '../tracker/registry.ts';
import type { Expected, TrackerModel } from './tracker-model.ts';
import { type SmallTorrent, smallTorrent } from './tracker-torrents.ts';

/** The registry under test; a command may replace it by one that was restored. */
export type Tested = { registry: Registry; readonly parts: RegistryParts };
export type TrackerCommand = fc.Command<TrackerModel, Tested>;

const torrents: readonly SmallTorrent[] = ['a', 'b'].map(smallTorrent);
const hashes = [...torrents.map(({ infoHash }) => infoHash), InfoHash('c0'.repeat(20))];

const request: fc.Arbitrary<AnnounceRequest> = fc.record(
  {
    infoHash: fc.constantFrom(...hashes),
    peerId: fc.nat({ max: 5 }).map((n) => PeerId(`0${n}`.repeat(20))),
    port: fc.constantFrom(1, 1, 1, 2),
    uploaded: fc.constant(0),
    downloaded: fc.constant(0),
    left: fc.nat({ max: 1 }),
    event: fc.constantFrom('started', 'completed', 'completed', 'stopped', 'paused'),
    compact: fc.constant(true),
    noPeerId: fc.constant(false),
    numwant: fc.nat({ max: 5 }),
    key: fc.constantFrom('k', 'k', 'k', 'other'),
  },
  {
    requiredKeys: [
      'infoHash',
      'peerId',
      'port',
      'uploaded',
      'downloaded',
      'left',
      'compact',
      'noPeerId',
    ],
  },
);

type Act = (model: TrackerModel, tested: Tested) => void;

/** Everything that the registry says without being changed is compared after each command. */
function command(text: string, act: Act): TrackerCommand {
  return {
    check: () => true,
    run: (model, tested) => {
      act(model, tested);
      compare(model, tested.registry);
    },
    toString: () => text,
  };
}

const announcing = fc.tuple(request, fc.nat({ max: 3 })).map(([asked, host]) =>
  command(`announce(${JSON.stringify(asked)}, ${host})`, (model, { registry }) => {
    const remoteIp = `127.0.0.${host + 1}`;
    const expected = model.announce(asked, remoteIp);
    const input = { type: 'announce', request: asked, remoteIp } as const;
    expectAnswer(registry.handle(model.now, input), expected);
  }),
);

const waiting = fc.integer({ min: 1, max: 40 }).map((time) =>
  command(`wait(${time})`, (model) => {
    model.wait(time);
  }),
);

const publishing = fc.constantFrom(...torrents).map(({ bytes, infoHash }) =>
  command(`publish(${infoHash})`, (model, { registry }) => {
    const input = { type: 'publish', torrent: bytes, addedAt: '2024-01-01T00:00:00Z' } as const;
    const { id, isNew } = model.publish(infoHash);
    expect(registry.handle(model.now, input)).toMatchObject({
      type: 'published',
      publication: { id, infoHash },
      isNew,
    });
  }),
);

const forgetting = fc.constant(
  command('forget', (model, { registry }) => {
    model.forget();
    registry.handle(model.now, { type: 'forget' });
  }),
);

const restarting = fc.constant(
  command('restart', (model, tested) => {
    const restored = tested.registry.snapshot(model.now);
    tested.registry = new Registry(model.now, { ...tested.parts, restored });
  }),
);

export const trackerCommands: fc.Arbitrary<Iterable<TrackerCommand>> = fc.commands(
  [announcing, announcing, announcing, announcing, waiting, publishing, forgetting, restarting],
  { maxCommands: 50, size: 'max' },
);

function expectAnswer(
  answer: ReturnType<typeof Registry.prototype.handle<'announce'>>,
  expected: Expected | undefined,
): void {
  if (expected === undefined) return expect(answer).toHaveProperty('failure');
  const { count, downloaded, eligible, leechers, seeders } = expected;
  expect(answer).toMatchObject({ seeders, leechers, downloaded });
  const peers = 'peers' in answer ? answer.peers : [];
  expect(new Set(peers.map((peer) => peer.peerId)).size).toBe(peers.length);
  expect(peers.length).toBe(count);
  expect(eligible).toEqual(expect.arrayContaining([...peers]));
}

function compare(model: TrackerModel, registry: Registry): void {
  const { now } = model;
  const answer = registry.handle(now, { type: 'scrape', infoHashes: hashes });
  const known = hashes.map((hash) => [hash, model.scrape(hash)] as const);
  expect(answer).toEqual({ files: new Map(known.filter(([, entry]) => entry !== undefined)) });
  expect(registry.handle(now, { type: 'list' }).map(rowOf)).toEqual(model.list().map(rowOf));
  expect(registry.deadline).toBe(model.deadline);
  expect(registry.handle(now, { type: 'stats' }).swarms).toBe(model.swarmCount);
}

/** After a restart peers are listed in the order in which they were last heard; so the order is left out. */
const rowOf = ({ id, leechers, seeders }: ReturnType<TrackerModel['list']>[number]): unknown => ({
  id,
  seeders: new Set(seeders.map((peer) => JSON.stringify(peer, ['ip', 'port', 'peerId']))),
  leechers: new Set(leechers.map((peer) => JSON.stringify(peer, ['ip', 'port', 'peerId']))),
});
