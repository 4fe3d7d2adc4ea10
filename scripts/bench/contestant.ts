/** A program that takes part in a bench: how it is told to seed one file, and to fetch it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Endpoint } from '../../core/torrent/ids.ts';

export type TransferOrder = {
  readonly role: 'seed' | 'leech';
  readonly torrentPath: string;
  /** Where the file lies, or where it shall go. */
  readonly dir: string;
  /** A directory of its own for whatever else it writes. */
  readonly home: string;
  /** Where it listens. */
  readonly address: Endpoint;
};

/** One program in a process of its own. */
export type Contestant = {
  readonly name: string;
  /** How a Debian user gets it; undefined: it is ours. */
  readonly package?: string;
  readonly isPresent: () => boolean;
  readonly command: (order: TransferOrder) => readonly [program: string, ...args: string[]];
};

/**
 * All contestants speak alike, some through a few lines of our own around them: `ready` on their output once they
 * seed, or wait to be told whom to ask; `go IP PORT` on their input tells it; `done` says that the file is whole.
 */
export class Running {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  #wake: () => void = () => undefined;
  #isOver = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.pid = child.pid ?? -1;
  }

  /** Resolves when it is ready; rejects with what it said when it ends before. */
  static async start(contestant: Contestant, order: TransferOrder): Promise<Running> {
    const [program, ...args] = contestant.command(order);
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, HOME: order.home },
    });
    const running = new Running(child);
    running.#listen();
    await running.#hear('ready');
    return running;
  }

  go({ ip, port }: Endpoint): void {
    this.#child.stdin?.write(`go ${ip} ${port}\n`);
  }

  /** Resolves when the file is whole. */
  done(): Promise<void> {
    return this.#hear('done');
  }

  async stop(): Promise<void> {
    if (this.#isOver) return;
    const over = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await over;
  }

  #listen(): void {
    const { stdout } = this.#child;
    if (stdout !== null)
      createInterface({ input: stdout }).on('line', (line) => {
        this.#lines.push(line);
        this.#wake();
      });
    this.#child.once('exit', () => {
      this.#isOver = true;
      this.#wake();
    });
  }

  async #hear(word: string): Promise<void> {
    while (!this.#lines.includes(word)) {
      if (this.#isOver) throw new Error(`ended before it was ${word}: ${this.#lines.join('; ')}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
