/** A process of our own that plays seeds: one that crashes takes no other run with it. */
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ownExtension } from '../package-file.ts';
import type { FromPlayer, SweepOrder, ToPlayer } from './sweep-orders.ts';

/** The end of what a failing process wrote is enough to know why. */
const maxComplaintChars = 2_000;

export class SeedPlayer {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #answer: ((answer: FromPlayer) => void) | undefined;
  #end: FromPlayer | undefined;
  #complaint = '';

  constructor(order: SweepOrder) {
    const entry = new URL(`./sweep-process${ownExtension}`, import.meta.url);
    this.#child = fork(fileURLToPath(entry), [], {
      execArgv: ownExtension === '.ts' ? ['--import', loader()] : [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-maxComplaintChars);
    });
    this.#child.on('message', (message) => this.#settle(message as FromPlayer));
    this.#gone = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#ended(error.message, resolve);
      });
      this.#child.once('close', (code, signal) => {
        this.#ended(`the process ended with ${signal ?? `code ${code}`}`, resolve);
      });
    });
    this.#send({ type: 'order', order });
  }

  /** False once the process has ended. */
  get isAlive(): boolean {
    return this.#end === undefined;
  }

  /** One at a time. Resolves with `failed` when the process ends over it. */
  play(seed: number): Promise<FromPlayer> {
    return new Promise((resolve) => {
      if (this.#end !== undefined) return resolve(this.#end);
      this.#answer = resolve;
      this.#send({ type: 'seed', seed });
    });
  }

  /** Ends it at once, whatever it plays. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
  }

  #send(message: ToPlayer): void {
    this.#child.send(message, () => undefined); // What cannot be sent ends in `close`.
  }

  #settle(answer: FromPlayer): void {
    const resolve = this.#answer;
    this.#answer = undefined;
    resolve?.(answer);
  }

  #ended(how: string, resolve: () => void): void {
    const why = [how, this.#complaint.trim()].filter((part) => part !== '').join(': ');
    this.#end ??= { type: 'failed', why };
    this.#settle(this.#end);
    resolve();
  }
}

/** The built program runs as it is; from source, Node 20 needs the loader that tests and developers have. */
const loader = (): string => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
