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

/** V8 tells of the characters of a source in ranges: one a function, inside it one a branch. */
type Script = { characters: Uint8Array; readonly branches: Map<string, number> };

/** All that has been run so far. */
export class Painted {
  readonly #scripts = new Map<string, Script>();

  /** How many characters of code these counts have that were never run before. */
  freshIn(counts: Counts): number {
    return this.#through(counts, false);
  }

  /** The same, and from now on they have been run. */
  add(counts: Counts): number {
    return this.#through(counts, true);
  }

  /** Branches that V8 has told of so far, and those of them that were run. */
  branches(): { readonly run: ReadonlySet<string>; readonly known: ReadonlySet<string> } {
    const known = new Set<string>();
    const run = new Set<string>();
    for (const [url, { branches, characters }] of this.#scripts)
      for (const [branch, begin] of branches) {
        known.add(`${url} ${branch}`);
        if (characters[begin] === 1) run.add(`${url} ${branch}`);
      }
    return { run, known };
  }

  #through(counts: Counts, paints: boolean): number {
    let fresh = 0;
    for (const { functions, url } of counts)
      for (const { ranges } of functions) fresh += this.#function(url, ranges, paints);
    return fresh;
  }

  /** Ranges come from the outside in: what an inner one says holds for its part. */
  #function(url: string, ranges: readonly Profiler.CoverageRange[], paints: boolean): number {
    const { endOffset = 0, startOffset = 0 } = ranges[0] ?? {};
    const script = this.#scriptOf(url, endOffset);
    const run = new Uint8Array(endOffset - startOffset);
    for (const { count, endOffset: end, startOffset: begin } of ranges) {
      if (paints) script.branches.set(`${begin}-${end}`, begin);
      run.fill(Math.min(1, count), begin - startOffset, end - startOffset);
    }
    let fresh = 0;
    for (let i = 0; i < run.length; i += 1) {
      if (run[i] === 0 || script.characters[startOffset + i] === 1) continue;
      fresh += 1;
      if (paints) script.characters[startOffset + i] = 1;
    }
    return fresh;
  }

  #scriptOf(url: string, end: number): Script {
    const known = this.#scripts.get(url);
    const script = known ?? { characters: new Uint8Array(end), branches: new Map() };
    if (script.characters.length < end) {
      const longer = new Uint8Array(end);
      longer.set(script.characters);
      script.characters = longer;
    }
    this.#scripts.set(url, script);
    return script;
  }
}
