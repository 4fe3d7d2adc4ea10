/** One life of one peer of ours: a session with its torrents, driven in virtual time. */
import { toHex } from '../../core/bytes/hex.ts';
import { randomBytes, randomStream } from '../../core/random.ts';
import type { SwarmEvent } from '../../core/swarm/event.ts';
import { defaultTorrentOptions } from '../../core/swarm/options.ts';
import type { Priority } from '../../core/swarm/picker/picker.ts';
import { piecePriorities } from '../../core/swarm/priorities.ts';
import { Session } from '../../core/swarm/session.ts';
import { type TorrentFigures, torrentFigures, torrentStats } from '../../core/swarm/stats.ts';
import type { SessionMachine } from '../../core/swarm/session-machine.ts';
import type { Torrent } from '../../core/swarm/torrent.ts';
import type { InfoHash } from '../../core/torrent/ids.ts';
import type { Resume } from '../action.ts';
import { hostileKindOf } from '../hostile/kinds.ts';
import { hostileMachine } from '../hostile/machine.ts';
import type { OpenConnections } from '../pair-ledger.ts';
import type { PeerSpec, Plan } from '../plan.ts';
import type { Spoiler } from '../spoiler.ts';
import { peerPort } from './addresses.ts';
import type { VirtualContent } from './content.ts';
import type { VirtualDisk } from './disk.ts';
import { HostClock } from './host-clock.ts';
import { type HeldTorrent, Jobs } from './jobs.ts';
import { Life } from './life.ts';
import type { Matter } from './matter.ts';
import type { Host } from './network/host.ts';
import type { Scheduler } from './scheduler.ts';
import type { Tools } from '../tools.ts';
import type { Witness } from '../witness.ts';
import { announceUrl } from './tracker.ts';
import type { TrackerRoad } from './tracker-road.ts';
import { watched } from './watched.ts';

export type RunningOptions = {
  readonly plan: Plan;
  readonly spec: PeerSpec;
  readonly contents: readonly VirtualContent[];
  readonly shelves: ReadonlyMap<InfoHash, HeldTorrent>;
  readonly matter: Matter;
  readonly scheduler: Scheduler;
  readonly host: Host;
  readonly disk: VirtualDisk;
  readonly spoiler: Spoiler;
  readonly road: TrackerRoad;
  readonly tools: Tools;
  readonly onEvent: (event: SwarmEvent) => void;
  readonly witness?: Witness | undefined;
};

/** How the program names itself to others (BEP 10, `v`). */
const clientVersion = 'Swarmproof 0.1';

export class Running {
  readonly #options: RunningOptions;
  readonly #life: Life;
  readonly #jobs: Jobs;
  readonly #session: Session;
  readonly #torrents = new Map<InfoHash, Torrent>();

  constructor(options: RunningOptions) {
    this.#options = options;
    const { spec, matter, host, scheduler, shelves } = options;
    const unlimited = { upBytesPerSec: undefined, downBytesPerSec: undefined };
    this.#session = new Session({
      ...defaultTorrentOptions,
      ...spec.options,
      // The link is the network's business here.
      ...unlimited,
      form: hostileKindOf(spec.client) === undefined ? matter.form : 'values',
    });
    this.#life = new Life({
      session: this.#disguised(),
      scheduler,
      clock: spec.clock === undefined ? HostClock.right : new HostClock(spec.clock),
      host,
      port: peerPort,
      job: (job) => this.#jobs.handle(job),
    });
    this.#jobs = new Jobs({
      ...options,
      ip: () => host.ip,
      torrents: shelves,
      feed: (input) => this.#life.feed(input),
    });
  }

  /** Opens every torrent of the peer. */
  open(resume: Resume): void {
    const { spec, contents, shelves } = this.#options;
    for (const { content: index, wants } of spec.contents) {
      const content = contents[index];
      const shelf = content && shelves.get(content.facts.infoHash)?.shelf;
      if (content === undefined || shelf === undefined)
        throw new RangeError(`${spec.name} wants content ${index}`);
      const { infoHash } = content.facts;
      this.#torrents.set(infoHash, this.#add(content, wants));
      this.#life.feed({ type: 'opened', infoHash, ...shelf.open(resume) });
    }
  }

  /** Begins to leave every swarm: each torrent will tell that it has stopped. */
  stop(): void {
    this.#life.thaw();
    for (const infoHash of this.#torrents.keys()) this.#life.feed({ type: 'stop', infoHash });
  }

  /** Ends it: see `Life.end`. */
  end(how: 'close' | 'crash' | 'vanish'): void {
    this.#jobs.end();
    this.#life.end(how);
  }

  freeze(): void {
    this.#life.freeze();
  }

  thaw(): void {
    this.#life.thaw();
  }

  /** The disk is said to be well again. */
  resume(): void {
    for (const infoHash of this.#torrents.keys()) this.#life.feed({ type: 'resume', infoHash });
  }

  /** Ends the connections with those at these addresses; they may be dialled again. */
  disconnect(ips: ReadonlySet<string>): void {
    for (const [infoHash, torrent] of this.#torrents)
      for (const { listensAt: address } of torrent.parts.peers.ready())
        if (ips.has(address.ip)) this.#life.feed({ type: 'drop', infoHash, address });
  }

  get figures(): ReadonlyMap<InfoHash, TorrentFigures> {
    const { now } = this.#life;
    return new Map(
      [...this.#torrents].map(([infoHash, torrent]) => [infoHash, torrentFigures(torrent, now)]),
    );
  }

  get connections(): number {
    let count = 0;
    for (const torrent of this.#torrents.values()) count += torrent.parts.peers.ready().length;
    return count;
  }

  /** What each connection that is open now has moved. */
  get exchanged(): OpenConnections {
    const { now } = this.#life;
    const torrents = [...this.#torrents].map(([infoHash, torrent]) => ({
      infoHash,
      stats: torrentStats(torrent, now),
    }));
    return { torrents };
  }

  /** The session itself, unless somebody hostile plays the peer. */
  #disguised(): SessionMachine {
    const { plan, spec, matter } = this.#options;
    const kind = hostileKindOf(spec.client);
    if (kind === undefined) return this.#honest();
    return hostileMachine(kind, this.#session, {
      random: randomStream(plan.seed, `${spec.name}/${kind}`),
      form: matter.form,
      spoil: (block) => matter.spoil(block),
    });
  }

  #honest(): SessionMachine {
    const { spec, witness } = this.#options;
    const session = this.#session;
    if (witness === undefined) return session;
    const life = { spec, torrents: session.torrents, deadline: () => session.deadline };
    return watched(session, witness.begins(life));
  }

  #add({ metainfo, pieces }: VirtualContent, wants: readonly string[] | undefined): Torrent {
    const { plan, spec, tools } = this.#options;
    const seed = `${plan.seed}/${spec.name}`;
    return this.#session.add(this.#life.now, {
      infoHash: metainfo.infoHash,
      self: {
        peerId: spec.peerId,
        listenPort: peerPort,
        key: toHex(randomBytes(randomStream(seed, 'key'), 4)),
        clientVersion,
        sha1: tools.sha1,
      },
      pieces,
      trackers: [[announceUrl]],
      options: { ...defaultTorrentOptions, ...spec.options },
      random: (name) => randomStream(seed, `${metainfo.infoHash} ${name}`),
      ...(wants !== undefined && {
        priorities: piecePriorities(metainfo, wantedOnly(metainfo, wants)),
      }),
    });
  }
}

/** 1 is the least priority of what is wanted, 0 is not wanted. */
function wantedOnly(
  { files, isMultiFile }: VirtualContent['metainfo'],
  wants: readonly string[],
): (file: number) => Priority {
  const inner = (file: number): string =>
    (files[file]?.path ?? []).slice(isMultiFile ? 1 : 0).join('/');
  return (file) => (wants.includes(inner(file)) ? 1 : 0);
}
