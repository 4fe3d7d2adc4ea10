/** Where peers can be hosted: in a process or in a thread, which run the same program and hear the same orders. */
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FromHost, ToHost } from './peer-messages.ts';

/** The end of what a failing process wrote is enough to know why. */
const maxComplaintChars = 2_000;

export type Host = {
  readonly send: (orders: ToHost) => void;
  /** Ends it at once, whatever it does; resolves when it is gone. Harmless after that. */
  readonly kill: () => Promise<void>;
  readonly gone: Promise<void>;
};

export type HostListener = {
  readonly onWords: (words: FromHost) => void;
  /** Called once, whoever ended it. */
  readonly onEnd: (why: string) => void;
};

export type StartHost = (listener: HostListener) => Host;

/** A process of its own, so that it can be killed by a real SIGKILL. */
export const startProcess: StartHost = ({ onWords, onEnd }) => {
  const child = fork(fileURLToPath(program('peer-process')), [], {
    execArgv: isSource ? ['--import', loader().href] : [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-maxComplaintChars);
  });
  child.on('message', (words) => {
    onWords(words as FromHost);
  });
  const gone = new Promise<void>((resolve) => {
    let isOver = false;
    const end = (how: string): void => {
      if (isOver) return;
      isOver = true;
      onEnd([how, complaint.trim()].filter((part) => part !== '').join(': '));
      resolve();
    };
    child.once('error', ({ message }) => {
      end(message);
    });
    child.once('close', (code, signal) => {
      end(`ended with ${signal ?? `code ${code}`}`);
    });
  });
  return {
    // Who is gone does not answer, and whoever waits hears of its end.
    send: (orders) => void child.send(orders, () => undefined),
    kill: () => {
      child.kill('SIGKILL');
      return gone;
    },
    gone,
  };
};

/** A thread of this process. It shares the process's limits, above all that on open files. */
export const startThread: StartHost = ({ onWords, onEnd }) => {
  const url = program('peer-thread');
  const thread = isSource ? new Worker(fromSource(url), { eval: true }) : new Worker(url);
  let why = 'ended';
  thread.on('message', onWords);
  thread.on('error', (error) => {
    why = error instanceof Error ? error.message : String(error);
  });
  const gone = new Promise<void>((resolve) => {
    thread.once('exit', () => {
      onEnd(why);
      resolve();
    });
  });
  return {
    send: (orders) => {
      thread.postMessage(orders);
    },
    kill: async () => {
      await thread.terminate();
      await gone;
    },
    gone,
  };
};

/** The built program runs as it is; from source, Node 20 needs the loader that tests and developers have. */
const isSource = import.meta.url.endsWith('.ts');

const program = (name: string): URL =>
  new URL(`./${name}.${isSource ? 'ts' : 'js'}`, import.meta.url);

const loader = (): URL => pathToFileURL(createRequire(import.meta.url).resolve('tsx'));

/** Node 20 gives threads no loader of its own accord: the thread takes it, and then the program. */
const fromSource = (url: URL): string =>
  `import(${JSON.stringify(new URL('./esm/api/index.mjs', loader()).href)})` +
  `.then(({ register }) => (register(), import(${JSON.stringify(url.href)})))`;
