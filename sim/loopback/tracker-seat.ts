/** The run's tracker: started, stopped and started again at the same address. */
import { join } from 'node:path';
import { publish } from '../../core/net/tracker-client.ts';
import { startTracker, type RunningTracker } from '../../core/net/tracker-server.ts';
import { TrackerTricks } from '../hostile/tracker-tricks.ts';
import { localityOf } from '../locality.ts';
import type { Plan } from '../plan.ts';
import type { Content } from './contents.ts';
import { askTracker, type TrackerAddress } from './tracker-observer.ts';
import { minIntervalOf } from '../tracker-pace.ts';
import type { TorrentWord } from '../world.ts';

export type TrackerSeatOptions = {
  readonly plan: Pick<Plan, 'seed' | 'tracker' | 'peers'>;
  /** Whose an address is; undefined when nobody's, or everybody's. */
  readonly nameAt: (ip: string) => string | undefined;
  readonly ip: string;
  /** Where it keeps its state, if it keeps any. */
  readonly dir: string;
};

export class TrackerSeat {
  readonly #options: TrackerSeatOptions;
  /** What peers have uploaded to it. */
  readonly #published = new Set<Content>();
  readonly #tricks: TrackerTricks | undefined;
  #tracker: RunningTracker | undefined;
  #address: TrackerAddress | undefined;

  constructor(options: TrackerSeatOptions) {
    this.#options = options;
    const { seed, tracker } = options.plan;
    if (tracker.trick !== undefined) this.#tricks = new TrackerTricks(tracker.trick, seed);
  }

  /** Where peers announce. Call once it was started. */
  get announceUrl(): string {
    return this.#known.announceUrl;
  }

  async start(): Promise<void> {
    const { plan, ip, dir, nameAt } = this.#options;
    const { interval, expireAfter, keepsState } = plan.tracker;
    this.#tracker = await startTracker({
      ip,
      port: this.#address?.port ?? 0,
      // Nobody is told of it here, and there no answer would be disguised.
      udp: false,
      seed: plan.seed,
      locality: localityOf(plan, nameAt),
      registry: { interval, minInterval: minIntervalOf(interval), expireAfter },
      // Whoever asks from its own address watches the run, and is told the truth.
      disguise: ({ target, remoteIp }, answer) =>
        remoteIp === ip ? answer : (this.#tricks?.pass(target, answer) ?? answer),
      ...(keepsState ? { state: join(dir, 'tracker.state') } : {}),
    });
    const { address, announceUrl, urls } = this.#tracker;
    this.#address = { ip, port: address.port, announceUrl, url: urls[0] ?? '' };
  }

  /** Peers that ask are refused from now on. Harmless when it is down. */
  async stop(): Promise<void> {
    const tracker = this.#tracker;
    this.#tracker = undefined;
    await tracker?.stop();
  }

  /** Starts it again, with what it kept. What it lost is uploaded anew, the latest first: only what was kept has its id. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
    for (const content of [...this.#published].reverse()) await this.#publish(content);
  }

  /** Loses every peer and goes on answering. Throws when it is down. */
  forget(): void {
    if (this.#tracker === undefined) throw new Error('the tracker is down');
    this.#tracker.forget();
  }

  /** Uploads the .torrent, unless somebody did. While the tracker is down it waits for the restart. */
  async publish(content: Content): Promise<void> {
    if (this.#published.has(content)) return;
    this.#published.add(content);
    if (this.#tracker !== undefined) await this.#publish(content);
  }

  /** What it says of every content. Rejects when it does not answer. */
  ask(contents: readonly Content[]): Promise<readonly TorrentWord[]> {
    return askTracker(
      this.#known,
      contents.map(({ facts }) => facts.infoHash),
    );
  }

  get #known(): TrackerAddress {
    if (this.#address === undefined) throw new Error('the tracker was never started');
    return this.#address;
  }

  async #publish({ torrent }: Content): Promise<void> {
    await publish(this.#known.url, torrent, { localAddress: this.#options.ip });
  }
}
