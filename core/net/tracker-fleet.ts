/** The processes of a tracker's workers, as a cluster of Node: its workers share what they listen on. */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Letter, Link, Place } from './tracker-post.ts';

export type FleetOptions = {
  readonly onLetters: (letters: readonly Letter[]) => void;
  /** One has ended, and not because it was stopped. */
  readonly onLoss: (place: Place) => void;
};

type Ship = Link & { readonly worker: Worker };

export class Fleet {
  readonly #options: FleetOptions;
  readonly #ships = new Map<Place, Ship>();
  #isStopping = false;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  linkTo(place: Place): Link | undefined {
    return this.#ships.get(place);
  }

  launch(place: Place): void {
    // Each worker takes connections itself: handing each over would cost as much as serving it.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    cluster.setupPrimary({
      exec: fileURLToPath(program),
      args: [],
      execArgv: isSource ? ['--import', loader()] : [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const worker = cluster.fork({ SWARMPROOF_TRACKER_SHARD: String(place) });
    // What is sent before its program has been loaded would be lost: a cluster's channel is open before there is anybody to hear.
    const isReady = new Promise<void>((resolve) => {
      worker.on('message', (letters: unknown) => {
        resolve();
        this.#options.onLetters(letters as Letter[]);
      });
    });
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      this.#ships.delete(place);
      if (!this.#isStopping) this.#options.onLoss(place);
    });
    this.#ships.set(place, {
      worker,
      // Who is gone does not answer, and its loss is told.
      send: (letters) => void isReady.then(() => worker.process.send(letters, () => undefined)),
    });
  }

  /** Ends them at once; resolves when all are gone. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const gone = Array.from(this.#ships.values(), ({ worker }) => once(worker, 'exit'));
    for (const { worker } of this.#ships.values()) worker.process.kill('SIGKILL');
    await Promise.all(gone);
  }
}

/** The built program runs as it is; from source, Node 20 needs the loader that tests and developers have. */
const isSource = import.meta.url.endsWith('.ts');
const program = new URL(`./tracker-worker.${isSource ? 'ts' : 'js'}`, import.meta.url);
const loader = (): string => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
