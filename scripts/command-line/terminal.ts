/** Everything a command may touch of the process it runs in; tests hand in their own. */
import type { Readable, Writable } from 'node:stream';
import { exitCode, type ExitCode } from './exit-code.ts';

/** `isTTY` and `columns` are there when a person looks on. */
export type TextSink = Writable & { readonly isTTY?: boolean; readonly rows?: number };
export type TextSource = Readable & { readonly isTTY?: boolean };

export type Interrupt = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export type Terminal = {
  readonly stdin: TextSource;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls back at each Ctrl+C (or SIGTERM, SIGHUP) until the function it returns is called. */
  onInterrupt(listener: (interrupt: Interrupt) => void): () => void;
  /** Ends the process at once: for the second Ctrl+C of somebody who will not wait. */
  exitNow(code: number): void;
};

const interrupts: readonly Interrupt[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  return {
    stdin,
    stdout,
    stderr,
    env,
    onInterrupt(listener) {
      for (const name of interrupts) process.on(name, listener);
      return () => {
        for (const name of interrupts) process.off(name, listener);
      };
    },
    exitNow: (code) => process.exit(code),
  };
}

/** Why a signal was aborted: somebody wants the program to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly interrupt: Interrupt;

  constructor(interrupt: Interrupt) {
    super('interrupted');
    this.interrupt = interrupt;
  }
}

/** From the first interrupt on its signal is aborted, with `Interrupted` as the reason. Dispose of it when done. */
export type StopRequest = Disposable & { readonly signal: AbortSignal };

export function stopRequest(terminal: Terminal): StopRequest {
  const controller = new AbortController();
  const off = terminal.onInterrupt((interrupt) => {
    if (controller.signal.aborted) terminal.exitNow(130);
    controller.abort(new Interrupted(interrupt));
  });
  return { signal: controller.signal, [Symbol.dispose]: off };
}

/** The exit code of what was stopped before it was done. */
export const exitOfInterrupt = ({ reason }: AbortSignal): ExitCode =>
  reason instanceof Interrupted && reason.interrupt === 'SIGTERM'
    ? exitCode.terminated
    : exitCode.interrupted;

/** Resolves once the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
