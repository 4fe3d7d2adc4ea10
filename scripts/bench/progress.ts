/** How far a bench is: a bar on a terminal, nothing in a pipe unless asked for. */
import { SingleBar } from 'cli-progress';
import type { Progress } from './setting.ts';

export type ProgressOptions = {
  readonly sink: NodeJS.WriteStream;
  /** Every run on a line of its own, also in a pipe. */
  readonly verbose: boolean;
};

/** Dispose of it to leave the terminal in order. */
export class BenchProgress implements Progress, Disposable {
  readonly #options: ProgressOptions;
  readonly #bar: SingleBar | undefined;
  #expected = 0;
  #done = 0;
  #bench = '';

  constructor(options: ProgressOptions) {
    this.#options = options;
    if (!options.sink.isTTY || options.verbose) return;
    this.#bar = new SingleBar({
      format: '{bench} [{bar}] {value} of {total} {note}',
      ...{ barCompleteChar: '#', barIncompleteChar: '-', barsize: 24 },
      ...{ stream: options.sink, hideCursor: true, clearOnComplete: true, gracefulExit: false },
    });
  }

  /** The next bench begins; what it takes is known from it alone. */
  begin(bench: string): void {
    this.#bench = bench;
    this.#expected = 0;
    this.#done = 0;
    this.#bar?.start(1, 0, { bench, note: '' });
  }

  expect(runs: number): void {
    this.#expected += runs;
    this.#bar?.setTotal(this.#expected);
  }

  ran(line: string): void {
    this.#done += 1;
    this.#bar?.update(this.#done, { bench: this.#bench, note: line });
    if (this.#options.verbose) this.#write(`${this.#bench}: ${line}`);
  }

  warn(line: string): void {
    this.#write(`${this.#bench === '' ? '' : `${this.#bench}: `}${line}`);
  }

  end(): void {
    this.#bar?.stop();
    this.#bench = '';
  }

  [Symbol.dispose](): void {
    this.end();
  }

  #write(line: string): void {
    // Over the bar, which is drawn again below.
    this.#options.sink.write(`${this.#bar === undefined ? '' : '\r\u001b[K'}${line}\n`);
  }
}
