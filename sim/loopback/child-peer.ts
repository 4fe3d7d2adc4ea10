/** A peer in a process of its own, so that a crash is a real SIGKILL. */
import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FromPeer, ToPeer } from './peer-messages.ts';
import type { PeerCommand, PeerEvent, PeerFigures, PeerLife, PeerOrder } from './peer-orders.ts';

/** A process under load takes a second to begin; a farewell to a silent tracker takes three. */
const answerLimitMs = 20_000;
/** The end of what a failing process wrote is enough to know why. */
const maxComplaintChars = 2_000;

type Waiting = { resolve: (figures: PeerFigures) => void; reject: (error: Error) => void };

/** What a child tells without being asked. */
export type ChildListener = {
  onEvent(event: PeerEvent): void;
  /** What still kept the process alive after its peer had stopped. */
  onLeftBehind(resource: string): void;
  /** The process ended although nobody told it to. */
  onLost(why: string): void;
};

export class ChildPeer implements PeerLife {
  readonly #child: ChildProcess;
  readonly #listener: ChildListener;
  readonly #waiting = new Map<number, Waiting>();
  readonly #gone: Promise<void>;
  #commands = 0;
  #complaint = '';
  #mayEnd = false;

  private constructor(listener: ChildListener) {
    this.#listener = listener;
    this.#child = fork(fileURLToPath(entry.url), [], {
      execArgv: [...entry.execArgv],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.on('message', (message) => {
      this.#hear(message as FromPeer);
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-maxComplaintChars);
    });
    this.#gone = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#ended(error.message, resolve);
      });
      this.#child.once('close', (code, signal) => {
        this.#ended(`ended with ${signal ?? `code ${code}`}`, resolve);
      });
    });
  }

  /** Starts the process and the peer in it. Rejects, with nothing left behind, when either fails. */
  static async start(order: PeerOrder, listener: ChildListener): Promise<ChildPeer> {
    const child = new ChildPeer(listener);
    try {
      await child.#ask({ type: 'start', order });
      return child;
    } catch (error) {
      await child.kill();
      throw error;
    }
  }

  async perform(command: PeerCommand): Promise<PeerFigures> {
    if (command.type === 'stop') this.#mayEnd = true;
    const figures = await this.#ask(command);
    if (command.type === 'stop') await this.#gone;
    return figures;
  }

  async kill(): Promise<undefined> {
    this.#mayEnd = true;
    this.#child.kill('SIGKILL');
    await this.#gone;
  }

  #ask(
    message: PeerCommand | { readonly type: 'start'; readonly order: PeerOrder },
  ): Promise<PeerFigures> {
    const id = this.#commands++;
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.#settle(id)?.reject(new Error(`no answer to ${message.type}`));
      }, answerLimitMs);
      this.#waiting.set(id, {
        resolve: (figures) => {
          clearTimeout(limit);
          resolve(figures);
        },
        reject: (error) => {
          clearTimeout(limit);
          reject(error);
        },
      });
      const toPeer: ToPeer = { id, ...message };
      this.#child.send(toPeer, (error) => {
        if (error !== null) this.#settle(id)?.reject(error);
      });
    });
  }

  #hear(message: FromPeer): void {
    // prettier-ignore
    switch (message.type) {
      case 'done':        return this.#settle(message.id)?.resolve(message.figures);
      case 'failed':      return this.#settle(message.id)?.reject(new Error(message.reason));
      case 'events':      return message.events.forEach((event) => { this.#listener.onEvent(event); });
      case 'left-behind': return message.resources.forEach((resource) => { this.#listener.onLeftBehind(resource); });
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #ended(how: string, resolve: () => void): void {
    const why = [how, this.#complaint.trim()].filter((part) => part !== '').join(': ');
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(new Error(why));
    if (!this.#mayEnd) this.#listener.onLost(why);
    this.#mayEnd = true;
    resolve();
  }
}

/** The built program runs as it is; from source, Node 20 needs the loader that tests and developers have. */
const entry = entryBeside(import.meta.url);

function entryBeside(url: string): { readonly url: URL; readonly execArgv: readonly string[] } {
  const isSource = url.endsWith('.ts');
  const loader = (): string => pathToFileURL(createRequire(url).resolve('tsx')).href;
  return {
    url: new URL(isSource ? './peer-process.ts' : './peer-process.js', url),
    execArgv: isSource ? ['--import', loader()] : [],
  };
}
