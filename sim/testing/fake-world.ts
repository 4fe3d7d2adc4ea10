/** A world small enough to be believed: a piece every 50 ms from each holder in turn, and a tracker that is told everything at once. */
import { type Endpoint, InfoHash, PieceIndex } from '../../core/torrent/ids.ts';
import type { SwarmEvent } from '../../core/swarm/event.ts';
import { type Instant, start } from '../../core/time.ts';
import { isCrash } from '../action.ts';
import { type Capability, everyCapability } from '../capability.ts';
import { wantedPieces } from '../evidence.ts';
import { piecesHeld } from '../holding.ts';
import { isNews } from '../progress-watch.ts';
import type { PeerSpec, Plan } from '../plan.ts';
import type {
  Action,
  ContentFacts,
  Ending,
  FileFound,
  Observation,
  PairBytes,
  PeerObservation,
  RecordedEvent,
  Started,
  TorrentWord,
  World,
} from '../world.ts';

const pieceEveryMs = 50;
export const pieceLength = 16_384;
export const pieceCount = 8;

type Torrent = {
  readonly have: Set<number>;
  readonly wanted: ReadonlySet<number>;
  isDone: boolean;
};

type Actor = {
  readonly spec: PeerSpec;
  readonly torrents: Map<number, Torrent>;
  readonly pairs: Map<string, { down: number; up: number }>;
  isUp: boolean;
  isFrozen: boolean;
  crashedAt: Instant | undefined;
  /** Where it was before it moved, the earliest first. */
  movedFrom: readonly Endpoint[];
  bytesDown: number;
  bytesUp: number;
};

export class FakeWorld implements World {
  readonly name = 'virtual';
  readonly supports: World['supports'];
  now: Instant = start;
  readonly performed: Action[] = [];
  isDisposed = false;
  #plan: Plan | undefined;
  #contents: ContentFacts[] = [];
  readonly #actors = new Map<string, Actor>();
  #events: RecordedEvent[] = [];
  #isTrackerUp = true;
  #isCut = false;
  /** Rounds of exchange. */
  #fired = 0;

  constructor(without: readonly Capability[] = []) {
    this.supports = new Set([...everyCapability].filter((one) => !without.includes(one)));
  }

  start(plan: Plan): Promise<Started> {
    this.#plan = plan;
    this.#contents = plan.contents.map((_, index) => factsOf(index));
    const environment = { kernel: 'none', cores: 1, node: 'none' };
    return Promise.resolve({ contents: this.#contents, environment });
  }

  perform(action: Action): Promise<void> | void {
    this.performed.push(action);
    switch (action.type) {
      case 'join':
      case 'restart':
        return this.#join(action.peer);
      case 'leave':
      case 'crash':
      case 'power-cut':
        return this.#go(action.peer, isCrash(action));
      case 'freeze':
      case 'thaw':
        this.#actor(action.peer).isFrozen = action.type === 'freeze';
        return;
      case 'move':
        this.#move(this.#actor(action.peer));
        return;
      case 'cut':
      case 'heal':
        this.#isCut = action.type === 'cut';
        return;
      case 'tracker-stop':
      case 'tracker-restart':
        this.#isTrackerUp = action.type === 'tracker-restart';
        return;
      default:
        return;
    }
  }

  advance(until: Instant): Promise<void> {
    while (this.now < until) {
      const next = Math.min(until, (Math.floor(this.now / pieceEveryMs) + 1) * pieceEveryMs);
      this.now = next as Instant;
      if (this.now % pieceEveryMs === 0 && !this.#isCut) this.#exchange();
      if (this.#events.some(isNews)) break;
    }
    return Promise.resolve();
  }

  observe(): Observation | Promise<Observation> {
    const peers = [...this.#actors].map(([name, actor]): [string, PeerObservation] => [
      name,
      seen(actor),
    ]);
    const tracker = {
      askedAt: this.now,
      answeredAt: this.now,
      ...(this.#isTrackerUp ? {} : { failure: 'refused' }),
      torrents: this.#isTrackerUp ? this.#contents.map((_, index) => this.#word(index)) : [],
    };
    return { at: this.now, peers: new Map(peers), tracker };
  }

  drain(): readonly RecordedEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  finish(): Promise<Ending> {
    const files = [...this.#actors.values()].flatMap((actor) => this.#files(actor));
    const pairs = [...this.#actors].flatMap(([peer, actor]) =>
      [...actor.pairs].map(([key, { down, up }]): PairBytes => {
        const [other = '', content] = key.split(' ');
        return { peer, other, content: Number(content), bytesDown: down, bytesUp: up };
      }),
    );
    const simulated = { fidelity: 'elided', events: this.#fired } as const;
    return Promise.resolve({ files, pairs, leaks: [], simulated });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.isDisposed = true;
    return Promise.resolve();
  }

  #actor(name: string): Actor {
    const actor = this.#actors.get(name);
    if (actor === undefined) throw new Error(`${name} has not joined`);
    return actor;
  }

  #join(name: string): void {
    const spec = this.#plan?.peers.find((peer) => peer.name === name);
    if (spec === undefined || this.#plan === undefined)
      throw new Error(`${name} is not in the plan`);
    const actor = this.#actors.get(name) ?? newActor(spec, this.#plan, this.#contents);
    this.#actors.set(name, actor);
    actor.isUp = true;
    actor.crashedAt = undefined;
    for (const [content, { have }] of actor.torrents) {
      this.#tell(name, content, {
        type: 'opened',
        source: 'new',
        have: hexOf(have),
        piecesHave: have.size,
        pieceCount,
      });
    }
  }

  #move(actor: Actor): void {
    actor.movedFrom = [...actor.movedFrom, placeOf(actor)];
  }

  #go(name: string, wasCrash: boolean): void {
    const actor = this.#actor(name);
    actor.isUp = false;
    actor.isFrozen = false;
    actor.crashedAt = wasCrash ? this.now : undefined;
  }

  #exchange(): void {
    this.#fired += 1;
    for (const [name, actor] of this.#actors) {
      if (!actor.isUp || actor.isFrozen) continue;
      for (const [content, torrent] of actor.torrents) this.#fetch(name, content, torrent);
    }
  }

  /** One piece from the next of those who have one. */
  #fetch(name: string, content: number, torrent: Torrent): void {
    const holders = [...this.#actors].filter(
      ([other, { isUp, isFrozen, torrents }]) =>
        other !== name && isUp && !isFrozen && lacks(torrent, torrents.get(content)).length > 0,
    );
    const [giver, holder] = holders[torrent.have.size % holders.length] ?? [];
    const [piece] = lacks(torrent, holder?.torrents.get(content));
    if (giver === undefined || holder === undefined || piece === undefined) return;
    const actor = this.#actor(name);
    actor.bytesDown += pieceLength;
    holder.bytesUp += pieceLength;
    pair(actor, giver, content).down += pieceLength;
    pair(holder, name, content).up += pieceLength;
    torrent.have.add(piece);
    const index = PieceIndex(piece);
    const block = { piece: index, begin: 0, length: pieceLength, peerId: actor.spec.peerId };
    this.#tell(giver, content, { type: 'served', ...block });
    this.#tell(name, content, {
      type: 'piece-verified',
      piece: index,
      piecesHave: torrent.have.size,
    });
    this.#tell(name, content, { type: 'have-announced', piece: index });
    if (torrent.isDone || lacksWanted(torrent)) return;
    torrent.isDone = true;
    this.#tell(name, content, { type: 'completed' });
    this.#tell(name, content, {
      type: 'announced',
      url: 'http://127.0.0.1/announce',
      event: 'completed',
      uploaded: 0,
      downloaded: pieceLength,
      left: 0,
    });
  }

  #tell(peer: string, content: number, event: EventBody): void {
    const infoHash = this.#contents[content]?.infoHash ?? InfoHash('0'.repeat(40));
    this.#events.push({ at: this.now, peer, infoHash, ...event });
  }

  /** Who crashed stays in the lists until it expires. */
  #word(content: number): TorrentWord {
    const { expireAfter } = this.#plan?.tracker ?? { expireAfter: 0 };
    const listed = [...this.#actors.values()].filter(
      ({ isUp, crashedAt, torrents }) =>
        torrents.has(content) &&
        (isUp || (crashedAt !== undefined && this.now < crashedAt + expireAfter)),
    );
    const isSeeder = ({ torrents }: Actor): boolean =>
      torrents.get(content)?.have.size === pieceCount;
    const ids = (actors: readonly Actor[]) => actors.map(({ spec }) => spec.peerId);
    const seeders = ids(listed.filter(isSeeder));
    const leechers = ids(listed.filter((actor) => !isSeeder(actor)));
    const counts = { seeders: seeders.length, leechers: leechers.length };
    return {
      infoHash: factsOf(content).infoHash,
      ...(seeders.length === 0 ? {} : { catalogue: { id: content, seeders, leechers } }),
      scrape: counts,
      announce: { ...counts, peers: listed.map(placeOf) },
    };
  }

  #files({ spec, torrents }: Actor): readonly FileFound[] {
    return [...torrents].flatMap(([content, torrent]) => {
      const { files } = factsOf(content);
      const whole = torrent.have.size > 0 && !lacksWanted(torrent);
      return files.map(({ path, length, sha256 }) => ({
        peer: spec.name,
        content,
        path,
        isPartial: !whole,
        bytes: length,
        sha256: whole ? sha256 : '0'.repeat(64),
      }));
    });
  }
}

type EventBody = SwarmEvent extends infer Each
  ? Each extends SwarmEvent
    ? Omit<Each, 'infoHash'>
    : never
  : never;

export const factsOf = (index: number): ContentFacts => ({
  infoHash: InfoHash(index.toString(16).padStart(40, 'a')),
  name: `content-${index}.bin`,
  length: pieceCount * pieceLength,
  pieceLength,
  pieceCount,
  files: [
    {
      path: `content-${index}.bin`,
      length: pieceCount * pieceLength,
      sha256: index.toString(16).padStart(64, 'c'),
    },
  ],
});

export const addressOf = ({ number }: PeerSpec): Endpoint => ({
  ip: `127.90.${Math.floor(number / 65_536)}.${number % 256}`,
  port: 6881,
});

const placeOf = ({ spec, movedFrom }: Actor): Endpoint => ({
  ...addressOf(spec),
  port: addressOf(spec).port + movedFrom.length,
});

function newActor(spec: PeerSpec, plan: Plan, contents: readonly ContentFacts[]): Actor {
  const torrents = spec.contents.map(({ content, wants }): [number, Torrent] => {
    const have = new Set(piecesHeld(plan, spec, { index: content, pieceCount }));
    const facts = contents[content] ?? factsOf(content);
    const torrent = { have, wanted: wantedPieces(facts, wants), isDone: false };
    return [content, { ...torrent, isDone: !lacksWanted(torrent) }];
  });
  return {
    spec,
    torrents: new Map(torrents),
    pairs: new Map(),
    isUp: true,
    isFrozen: false,
    crashedAt: undefined,
    movedFrom: [],
    bytesDown: 0,
    bytesUp: 0,
  };
}

const lacks = (torrent: Torrent, holder: Torrent | undefined): readonly number[] =>
  [...torrent.wanted].filter(
    (piece) => !torrent.have.has(piece) && holder?.have.has(piece) === true,
  );

const lacksWanted = ({ wanted, have }: Pick<Torrent, 'wanted' | 'have'>): boolean =>
  [...wanted].some((piece) => !have.has(piece));

function pair(actor: Actor, other: string, content: number): { down: number; up: number } {
  const key = `${other} ${content}`;
  const found = actor.pairs.get(key) ?? { down: 0, up: 0 };
  actor.pairs.set(key, found);
  return found;
}

function seen(actor: Actor): PeerObservation {
  const { spec, torrents, isUp, bytesDown, bytesUp } = actor;
  const all = [...torrents.values()];
  return {
    role: spec.role,
    isUp,
    address: placeOf(actor),
    ...(actor.movedFrom.length > 0 && { movedFrom: actor.movedFrom }),
    peerId: spec.peerId,
    piecesHave: all.reduce((sum, { have }) => sum + have.size, 0),
    pieceCount: all.length * pieceCount,
    isComplete: all.every((torrent) => !lacksWanted(torrent)),
    bytesDown,
    bytesUp,
    bytesWasted: 0,
    downBytesPerSec: 0,
    upBytesPerSec: 0,
    connections: 1,
  };
}

export function hexOf(have: ReadonlySet<number>): string {
  const bits = Array.from({ length: Math.ceil(pieceCount / 8) * 8 }, (_, i) =>
    have.has(i) ? '1' : '0',
  );
  return (bits.join('').match(/.{4}/g) ?? [])
    .map((four) => Number.parseInt(four, 2).toString(16))
    .join('');
}
