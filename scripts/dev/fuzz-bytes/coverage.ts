/** Which parts of our own code have been run, from V8's own counts (`node:inspector`, Profiler domain). */
import { Session } from 'node:inspector';
import type { Profiler } from 'node:inspector';
import { pathToFileURL } from 'node:url';
import { packageFile } from '../../package-file.ts';

/** What was run between two readings, script by script. */
export type Counts = readonly Profiler.ScriptCoverage[];

/** The code that is looked at: decoders live nowhere else. */
const ours = ['core/', 'sim/'].map((folder) => pathToFileURL(packageFile(folder)).href);

/** Counts from its making on: what was loaded before that is not seen. */
export class Counter {
  readonly #session = new Session();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** What was run since the last reading. Costs milliseconds. */
  read(): Counts {
    const read: Profiler.ScriptCoverage[] = [];
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error;
      read.push(...result.filter(({ url }) => ours.some((folder) => url.startsWith(folder))));
    });
    return read;
  }

  stop(): void {
    this.#session.disconnect();
  }
}

/** All that has been run so far: characters of sources, since V8 cuts its ranges anew at each reading. */
export class Painted {
  readonly #scripts = new Map<string, Uint8Array>();
  #characters = 0;

  get characters(): number {
    return this.#characters;
  }

  /** How many characters of code these counts have that were never run before. */
  freshIn(counts: Counts): number {
    return this.#through(counts, false);
  }

  /** The same, and from now on they have been run. */
  add(counts: Counts): number {
    return this.#through(counts, true);
  }

  #through(counts: Counts, paints: boolean): number {
    let fresh = 0;
    for (const { functions, url } of counts) {
      const ranges = functions.flatMap((one) => one.ranges).sort(outermostFirst);
      fresh += this.#script(url, ranges, paints);
    }
    if (paints) this.#characters += fresh;
    return fresh;
  }

  /** What an inner range says holds for its part: a module that was loaded has not run the functions in it. */
  #script(url: string, ranges: readonly Profiler.CoverageRange[], paints: boolean): number {
    const end = Math.max(0, ...ranges.map(({ endOffset }) => endOffset));
    const painted = this.#paintedIn(url, end);
    const run = new Uint8Array(end);
    for (const { count, endOffset, startOffset } of ranges)
      run.fill(Math.min(1, count), startOffset, endOffset);
    let fresh = 0;
    for (let i = 0; i < end; i += 1) {
      if (run[i] === 0 || painted[i] === 1) continue;
      fresh += 1;
      if (paints) painted[i] = 1;
    }
    return fresh;
  }

  #paintedIn(url: string, end: number): Uint8Array {
    const known = this.#scripts.get(url) ?? new Uint8Array();
    if (known.length >= end && this.#scripts.has(url)) return known;
    const longer = new Uint8Array(end);
    longer.set(known);
    this.#scripts.set(url, longer);
    return longer;
  }
}

const outermostFirst = (a: Profiler.CoverageRange, b: Profiler.CoverageRange): number =>
  a.startOffset - b.startOffset || b.endOffset - a.endOffset;
