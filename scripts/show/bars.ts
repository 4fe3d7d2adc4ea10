/** Progress bars on a terminal; in a pipe, with `--quiet` or `--json` into a pipe they are never drawn. */
import { MultiBar, type SingleBar } from 'cli-progress';
import type { Output } from '../command-line/output.ts';

export type Bar = {
  /** `value` is out of the bar's total; `note` stands behind it. */
  update(value: number, note: string): void;
};

const silent: Bar = { update: () => undefined };

/** Redraws a second; the eye sees no more. */
const framesPerSec = 8;

/** Lines left for what stands above the bars. */
const headLines = 4;

/** Several bars under each other. Dispose of it to leave the last picture on the screen. */
export class Bars implements Disposable {
  readonly #multi: MultiBar | undefined;
  #room: number;

  constructor(output: Output) {
    this.#room = Math.max(1, (output.sink.rows ?? 24) - headLines);
    if (!output.isLive) return;
    this.#multi = new MultiBar({
      format: '{name} [{bar}] {percentage}% {note}',
      barCompleteChar: '#',
      barIncompleteChar: '-',
      barsize: 24,
      fps: framesPerSec,
      stream: output.sink,
      hideCursor: true,
      emptyOnZero: true,
      gracefulExit: false,
    });
  }

  /** A new bar below the others; silent when the screen is full. */
  add(name: string, total: number): Bar {
    if (this.#multi === undefined || this.#room === 0) return silent;
    this.#room -= 1;
    const bar: SingleBar = this.#multi.create(Math.max(1, total), 0, { name, note: '' });
    // An empty file is whole from the start.
    return { update: (value, note) => bar.update(total === 0 ? 1 : value, { note }) };
  }

  [Symbol.dispose](): void {
    this.#multi?.update();
    this.#multi?.stop();
  }
}
