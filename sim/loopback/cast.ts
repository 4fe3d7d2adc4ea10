/** All peers of a run: carries out what is done to them and between them, and says how they are. */
import { join } from 'node:path';
import { never } from '../../core/never.ts';
import type { Plan } from '../plan.ts';
import type { Action, FileFound, Leak, PairBytes, PeerObservation, Sides } from '../world.ts';
import type { Addresses } from './addresses.ts';
import type { Content } from './contents.ts';
import { Cuts, opposite } from '../cuts.ts';
import { filesOf, temporaryFiles } from './findings.ts';
import { type Homes, homesFor } from './homes.ts';
import type { PeerEvent, PeerLife, PeerOrder } from './peer-orders.ts';
import { Seat } from './seat.ts';

export type CastOptions = {
  readonly plan: Plan;
  readonly contents: readonly Content[];
  readonly addresses: Addresses;
  /** Each peer gets a directory of its own in it. */
  readonly dir: string;
  readonly onEvent: (name: string, event: PeerEvent) => void;
  readonly onLeak: (leak: Leak) => void;
};

/** What concerns peers; the rest concerns the tracker. */
export type PeerAction = Exclude<Action, { readonly type: `tracker-${string}` }>;

export class Cast {
  readonly #options: CastOptions;
  readonly #cuts = new Cuts();
  readonly #seats: ReadonlyMap<string, Seat>;
  readonly #homes: Homes;
  /** Lives that are about to begin. */
  readonly #beginnings = new Set<Promise<PeerLife>>();
  #isOver = false;

  constructor(options: CastOptions) {
    this.#options = options;
    const { plan, contents, addresses, dir, onEvent, onLeak } = options;
    this.#homes = homesFor(plan, onLeak);
    this.#seats = new Map(
      plan.peers.map((spec) => [
        spec.name,
        new Seat({
          plan,
          spec,
          contents,
          ip: addresses.ipOf(spec.name),
          dir: join(dir, spec.name),
          beginLife: (order, seat) => this.#begin(order, seat),
          onEvent,
        }),
      ]),
    );
  }

  /** Where everybody lives, in words. */
  get homes(): string {
    return this.#homes.name;
  }

  /** Rejects when it cannot be done. */
  // prettier-ignore
  perform(action: PeerAction): Promise<void> {
    switch (action.type) {
      case 'join':       return this.#join(this.#seat(action.peer));
      case 'leave':      return this.#seat(action.peer).leave();
      case 'crash':      return this.#crash(this.#seat(action.peer));
      case 'restart':    return this.#restart(action);
      case 'limit':
      case 'corrupt':
      case 'freeze':
      case 'thaw':
      case 'disk-full':
      case 'disk-error':
      case 'disk-heal':  return this.#seat(action.peer).tell(action);
      case 'cut':        return this.#cut(() => { this.#cuts.cut(action.between); });
      case 'heal':       return this.#cut(() => { this.#cuts.heal(action.between); });
      case 'disconnect': return this.#disconnect(action.between);
      // The runner asks what is supported before it starts; real sockets have one address and an orderly kernel.
      case 'move':
      case 'power-cut':  return Promise.reject(new Error(`${action.type} cannot be done to real sockets`));
      default:           return never(action);
    }
  }

  /** Everybody who ever joined, but for those who are just ending. */
  async observe(): Promise<ReadonlyMap<string, PeerObservation>> {
    const seats = [...this.#seats.values()];
    // A peer that cannot answer any more is seen as it last was, until its end is noticed.
    await Promise.allSettled(seats.map((seat) => seat.observe()));
    return new Map(
      seats.flatMap(({ spec, observation }) =>
        observation === undefined ? [] : [[spec.name, observation] as const],
      ),
    );
  }

  /** Ends everybody gracefully; who cannot is killed, and told of. */
  async leaveAll(): Promise<void> {
    await Promise.all(
      this.#up.map((seat) =>
        seat.leave().catch((error: unknown) => {
          this.#options.onLeak({
            kind: 'other',
            what: `${seat.spec.name} did not stop: ${String(error)}`,
          });
        }),
      ),
    );
    await this.#homes.close();
  }

  /** Ends everybody at once, also those who are just beginning; nobody begins after it. */
  async crashAll(): Promise<void> {
    this.#isOver = true;
    await this.#homes.kill();
    await Promise.allSettled(this.#beginnings);
    await Promise.all([...this.#seats.values()].map((seat) => seat.crash()));
  }

  /** What each says of each other. */
  get pairs(): readonly PairBytes[] {
    const { plan, contents } = this.#options;
    const nameOf = new Map(plan.peers.map(({ peerId, name }) => [peerId, name]));
    return [...this.#seats.values()].flatMap(({ spec, ledger }) =>
      ledger.totals().flatMap(({ infoHash, peerId, bytesDown, bytesUp }) => {
        const other = nameOf.get(peerId);
        const content = contents.findIndex(({ facts }) => facts.infoHash === infoHash);
        return other === undefined ? [] : [{ peer: spec.name, other, content, bytesDown, bytesUp }];
      }),
    );
  }

  /** See `Ending.claimsHeld`. */
  get claimsHeld(): number {
    return [...this.#seats.values()].reduce((sum, seat) => sum + seat.claimsHeld, 0);
  }

  /** Everything of the contents on the disks of those who ever joined. */
  async files(): Promise<readonly FileFound[]> {
    const { contents } = this.#options;
    const found: FileFound[] = [];
    for (const { spec, dir } of this.#joined)
      found.push(
        ...(await filesOf(
          { peer: spec.name, dir, contents: spec.contents.map(({ content }) => content) },
          contents,
        )),
      );
    return found;
  }

  /** What those who were never killed should have cleared away. */
  async temporaryFiles(): Promise<readonly Leak[]> {
    const orderly = this.#joined.filter(({ wasKilled }) => !wasKilled);
    return (await Promise.all(orderly.map(({ dir }) => temporaryFiles(dir)))).flat();
  }

  get #up(): readonly Seat[] {
    return [...this.#seats.values()].filter(({ isUp }) => isUp);
  }

  get #joined(): readonly Seat[] {
    return [...this.#seats.values()].filter(({ hasJoined }) => hasJoined);
  }

  #seat(name: string): Seat {
    const seat = this.#seats.get(name);
    if (seat === undefined) throw new RangeError(`no peer is called ${name}`);
    return seat;
  }

  async #begin(order: PeerOrder, seat: Seat): Promise<PeerLife> {
    const beginning = this.#beginLife(order, seat);
    this.#beginnings.add(beginning);
    const life = await beginning.finally(() => this.#beginnings.delete(beginning));
    if (!this.#isOver) return life;
    await life.kill();
    throw new Error('the run is over');
  }

  #beginLife(order: PeerOrder, seat: Seat): Promise<PeerLife> {
    return this.#homes.begin(order, {
      onEvent: (event) => {
        seat.hear(event);
      },
      onLost: () => {
        seat.lost();
      },
    });
  }

  async #join(seat: Seat, resume?: Extract<Action, { type: 'restart' }>['resume']): Promise<void> {
    await seat.join(this.#blockedIps(seat), resume);
    // A cut may have been made or healed while it was being started.
    await this.#block(seat);
  }

  async #crash(seat: Seat): Promise<void> {
    if (!seat.isUp) throw new Error(`${seat.spec.name} is not up`);
    await seat.crash();
  }

  async #restart({ peer, resume }: Extract<Action, { type: 'restart' }>): Promise<void> {
    const seat = this.#seat(peer);
    if (!seat.hasJoined) throw new Error(`${peer} never joined`);
    if (seat.isUp) await seat.leave();
    await this.#join(seat, resume);
  }

  async #cut(change: () => void): Promise<void> {
    change();
    await Promise.all(this.#up.map((seat) => this.#block(seat)));
  }

  #block(seat: Seat): Promise<void> {
    return seat.tell({ type: 'block', ips: this.#blockedIps(seat) });
  }

  #blockedIps({ spec }: Seat): readonly string[] {
    return this.#cuts.from(spec.name).map((name) => this.#options.addresses.ipOf(name));
  }

  /** One end is enough to break a connection, but which end knows the other's address is not ours to say. */
  async #disconnect(between: Sides): Promise<void> {
    await Promise.all(
      this.#up.map(async (seat) => {
        const others = opposite(between, seat.spec.name);
        const ips = others.map((name) => this.#options.addresses.ipOf(name));
        if (ips.length > 0) await seat.tell({ type: 'disconnect', ips });
      }),
    );
  }
}
