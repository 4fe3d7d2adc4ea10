/**
 * The menu of `swarmproof peer`: list, download, upload, help, exit.
 *
 *   asking ──answer──▶ doing ──done, failed, Ctrl+C──▶ asking
 *   asking ──Ctrl+C──▶ seeding stopped ──▶ asking ──Ctrl+C──▶ end
 */
import type { Context } from '../command-line/command.ts';
import { type CommandError, toCommandError } from '../command-line/command-error.ts';
import { exitCode, type ExitCode } from '../command-line/exit-code.ts';
import type { TrackerPlace } from '../options/tracker-url.ts';
import type { Sharing } from '../sharing/sharing.ts';
import { catalogueTable } from '../show/catalogue-table.ts';
import { printable } from '../show/printable.ts';
import { countText } from '../show/units.ts';
import { resolveTorrent } from '../sharing/torrent-source.ts';
import { followDownload } from '../sharing/follow-download.ts';
import { hashing } from '../show/hashing.ts';
import type { Interrupt } from '../command-line/terminal.ts';
import { Lines } from './lines.ts';
import { helpText, menuText } from './entries.ts';

/** Done before the first question: each question of the menu has a flag. */
export type FirstTasks = {
  readonly list: boolean;
  readonly upload: readonly string[];
  readonly download: readonly string[];
};

export class Menu {
  readonly #context: Context;
  readonly #sharing: Sharing;
  readonly #tracker: TrackerPlace;
  /** Aborted by Ctrl+C: what is going on now. */
  #now = new AbortController();
  #isEnding = false;
  #worst: ExitCode = exitCode.passed;

  constructor(context: Context, sharing: Sharing, tracker: TrackerPlace) {
    this.#context = context;
    this.#sharing = sharing;
    this.#tracker = tracker;
  }

  /** Resolves when the user is done. From a pipe the exit code is that of the worst answer, since nobody reads along. */
  async run(first: FirstTasks): Promise<ExitCode> {
    const { terminal } = this.#context;
    const off = terminal.onInterrupt((interrupt) => this.#interrupt(interrupt));
    using lines = new Lines(terminal, () => this.#interrupt('SIGINT'));
    try {
      await this.#perform(first);
      while (!this.#isEnding) await this.#turn(lines);
    } finally {
      off();
    }
    return terminal.stdin.isTTY === true ? exitCode.passed : this.#worst;
  }

  async #perform({ list, upload, download }: FirstTasks): Promise<void> {
    if (list) await this.#do(() => this.#list());
    for (const path of upload) await this.#do(() => this.#upload(path));
    for (const which of download) await this.#do(() => this.#download(which));
  }

  async #turn(lines: Lines): Promise<void> {
    this.#context.output.say(menuText);
    const choice = await this.#ask(lines, '> ');
    if (choice === undefined) return this.#unanswered(lines);
    switch (choice) {
      case '1':
        return this.#do(() => this.#list());
      case '2':
        return this.#with(await this.#ask(lines, 'Torrent id: '), (id) => this.#download(id));
      case '3':
        return this.#with(await this.#ask(lines, 'File: '), (path) => this.#upload(path));
      case '4':
        return this.#context.output.say(helpText);
      case '5':
        this.#isEnding = true;
        return this.#stopSeeding();
      default:
        this.#context.output.say('fail: type a number from 1 to 5');
    }
  }

  #ask(lines: Lines, question: string): Promise<string | undefined> {
    this.#now = new AbortController();
    return lines.ask(question, this.#now.signal);
  }

  /** Ctrl+C at a question stops the seeding, or ends; the end of a pipe lets us seed on until somebody stops us. */
  async #unanswered(lines: Lines): Promise<void> {
    const isSharing = this.#sharing.torrents.length > 0;
    if (!isSharing) this.#isEnding = true;
    if (lines.hasEnded && isSharing && !this.#now.signal.aborted) {
      this.#isEnding = true;
      if (this.#context.terminal.stdin.isTTY !== true) await this.#untilInterrupt();
    }
    await this.#stopSeeding();
  }

  #untilInterrupt(): Promise<void> {
    this.#context.output.say('The input has ended; seeding until Ctrl+C.');
    this.#now = new AbortController();
    const { signal } = this.#now;
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  }

  #interrupt(interrupt: Interrupt): void {
    if (interrupt !== 'SIGINT') this.#isEnding = true;
    this.#now.abort();
  }

  #with(answer: string | undefined, task: (answer: string) => Promise<void>): Promise<void> {
    if (answer === undefined || answer === '') return Promise.resolve();
    return this.#do(() => task(answer));
  }

  /** One task; whatever goes wrong is told as a sentence and the menu goes on. */
  async #do(task: () => Promise<void>): Promise<void> {
    this.#now = new AbortController();
    try {
      await task();
    } catch (error) {
      if (this.#now.signal.aborted) this.#context.output.say('stopped');
      else this.#tell(toCommandError(error));
    }
  }

  #tell(error: CommandError): void {
    const message = printable(error.message);
    const isAnswer = /^(fail|already|no )/.test(message);
    this.#context.output.say(isAnswer ? message : `fail: ${message}`);
    if (error.exit > this.#worst) this.#worst = error.exit;
  }

  async #list(): Promise<void> {
    this.#context.output.say(catalogueTable(await this.#sharing.catalogue(this.#now.signal)));
  }

  async #upload(path: string): Promise<void> {
    const { output } = this.#context;
    const { signal } = this.#now;
    const { id, torrent } = await hashing(output, path, (onProgress) =>
      this.#sharing.upload(path, onProgress, signal),
    );
    const name = printable(torrent.metainfo.name);
    output.say(`success: seeding ${name} as torrent ${id}; Ctrl+C stops seeding`);
  }

  async #download(which: string): Promise<void> {
    const { output } = this.#context;
    const { signal } = this.#now;
    const metainfo = await resolveTorrent(which, this.#tracker, signal);
    const fileName = `${this.#sharing.peerId}_${metainfo.name}`;
    const torrent = await this.#sharing.download(metainfo, { fileName, signal });
    await followDownload(output, torrent, signal);
    output.say(`success: saved ${torrent.path}; seeding it, Ctrl+C stops seeding`);
  }

  async #stopSeeding(): Promise<void> {
    const left = await this.#sharing.leaveAll();
    if (left.length === 0) return;
    const names = left.map((torrent) => printable(torrent.metainfo.name)).join(', ');
    this.#context.output.say(
      `Stopped seeding ${countText(left.length, 'torrent')} (${names}); the tracker has been told.`,
    );
  }
}
