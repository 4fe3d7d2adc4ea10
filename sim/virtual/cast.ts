/** All peers of a run: carries out what is done to them and between them, and says how they are. */
import { never } from '../../core/never.ts';
import { randomStream } from '../../core/random.ts';
import type { Action, Sides } from '../action.ts';
import { Cuts, opposite } from '../cuts.ts';
import type { FileFound, PairBytes, PeerObservation } from '../world.ts';
import { microsOfMillis } from './micros.ts';
import type { Host } from './network/host.ts';
import { Seat, type SeatOptions } from './seat.ts';
import type { VirtualTracker } from './tracker.ts';
import { TrackerRoad } from './tracker-road.ts';

export type CastOptions = Omit<SeatOptions, 'spec' | 'road'> & { readonly tracker: VirtualTracker };

/** What concerns peers; the rest concerns the tracker. */
export type PeerAction = Exclude<Action, { readonly type: `tracker-${string}` }>;

/** Called when a deed is done that takes its time. */
export type Done = () => void;

export class Cast {
  readonly #options: CastOptions;
  readonly #cuts = new Cuts();
  readonly #seats: ReadonlyMap<string, Seat>;

  constructor(options: CastOptions) {
    this.#options = options;
    const { plan } = options;
    this.#seats = new Map(
      plan.peers.map((spec) => [spec.name, new Seat({ ...options, spec, road: this.#road(spec) })]),
    );
  }

  /** Returns whether it is done already; otherwise `done` is called. Throws when it cannot be done. */
  perform(action: PeerAction, done: Done): boolean {
    if (action.type === 'leave') {
      this.#seat(action.peer).leave(done);
      return false;
    }
    if (action.type === 'restart') return this.#restart(action, done);
    this.#atOnce(action);
    return true;
  }

  /** Everybody who ever joined. */
  observe(): ReadonlyMap<string, PeerObservation> {
    const seen = new Map<string, PeerObservation>();
    for (const [name, seat] of this.#seats) {
      seat.see();
      const { observation } = seat;
      if (observation !== undefined) seen.set(name, observation);
    }
    return seen;
  }

  /** Those who are up now, or on their way out. */
  get up(): readonly Seat[] {
    return [...this.#seats.values()].filter(({ isUp }) => isUp);
  }

  /** What each says of each other. */
  get pairs(): readonly PairBytes[] {
    const { plan, contents } = this.#options;
    const nameOf = new Map(plan.peers.map(({ peerId, name }) => [peerId, name]));
    const indexOf = new Map(contents.map(({ facts }, index) => [facts.infoHash, index]));
    return [...this.#seats.values()].flatMap(({ spec, ledger }) =>
      ledger.totals().flatMap(({ infoHash, peerId, bytesDown, bytesUp }) => {
        const other = nameOf.get(peerId);
        const content = indexOf.get(infoHash);
        return other === undefined || content === undefined
          ? []
          : [{ peer: spec.name, other, content, bytesDown, bytesUp }];
      }),
    );
  }

  files(): readonly FileFound[] {
    return [...this.#seats.values()].flatMap((seat) => (seat.hasJoined ? seat.files() : []));
  }

  // prettier-ignore
  #atOnce(action: Exclude<PeerAction, { type: 'leave' | 'restart' }>): void {
    switch (action.type) {
      case 'join':       return this.#join(this.#seat(action.peer));
      case 'crash':      return this.#seat(action.peer).crash('crash');
      case 'power-cut':  return this.#seat(action.peer).crash('vanish');
      case 'freeze':     return this.#seat(action.peer).freeze();
      case 'thaw':       return this.#seat(action.peer).thaw();
      case 'limit':      return this.#seat(action.peer).limit(action);
      case 'corrupt':    return this.#seat(action.peer).corrupt(action.blocks);
      case 'move':       return this.#seat(action.peer).move();
      case 'disk-full':  return this.#seat(action.peer).fillDisk(action.afterBytes);
      case 'disk-error': return this.#seat(action.peer).breakDisk();
      case 'disk-heal':  return this.#seat(action.peer).healDisk();
      case 'cut':        this.#cuts.cut(action.between, action.oneWay); return this.#blockAll();
      case 'heal':       this.#cuts.heal(action.between); return this.#blockAll();
      case 'disconnect': return this.#disconnect(action.between);
      default:           return never(action);
    }
  }

  #road(spec: SeatOptions['spec']): TrackerRoad {
    const { plan, scheduler, tracker } = this.#options;
    const { delay = 0, loss = 0 } = plan.tracker;
    return new TrackerRoad({
      scheduler,
      tracker,
      delay: microsOfMillis(spec.link.delayMs + delay),
      loss,
      random: randomStream(plan.seed, `${spec.name}/tracker-road`),
    });
  }

  #seat(name: string): Seat {
    const seat = this.#seats.get(name);
    if (seat === undefined) throw new RangeError(`no peer is called ${name}`);
    return seat;
  }

  #join(seat: Seat, ...resume: Parameters<Seat['join']>): void {
    // Whoever comes with a content first uploads it to the tracker's list, as the menu of a peer does.
    for (const { content } of seat.spec.contents) {
      const shared = this.#options.contents[content];
      if (shared !== undefined) this.#options.tracker.publish(shared);
    }
    seat.furnish();
    if (!this.#cuts.isEmpty) this.#blockAll();
    seat.join(...resume);
  }

  #restart({ peer, resume }: Extract<Action, { type: 'restart' }>, done: Done): boolean {
    const seat = this.#seat(peer);
    if (!seat.hasJoined) throw new Error(`${peer} never joined`);
    if (!seat.isUp) {
      this.#join(seat, resume);
      return true;
    }
    seat.leave(() => {
      this.#join(seat, resume);
      done();
    });
    return false;
  }

  /** Tells every host whom it cannot reach. */
  #blockAll(): void {
    for (const { host, spec } of this.#seats.values())
      host?.blockTo(this.#hostsOf(this.#cuts.from(spec.name)));
  }

  #hostsOf(names: readonly string[]): ReadonlySet<Host> {
    return new Set(names.flatMap((name) => this.#seats.get(name)?.host ?? []));
  }

  /** One end is enough to break a connection, but which end knows the other's address is not ours to say. */
  #disconnect(between: Sides): void {
    for (const seat of this.up) {
      const others = opposite(between, seat.spec.name);
      const ips = others.flatMap((name) => this.#seats.get(name)?.host?.ip ?? []);
      if (ips.length > 0) seat.disconnect(new Set(ips));
    }
  }
}
