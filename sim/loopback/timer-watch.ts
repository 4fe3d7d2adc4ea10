/** Which timers of the product are still running, and where they were set. */
import { createHook, type AsyncHook } from 'node:async_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The folder of `core` and `sim`: timers set there are the product's, everyone else in the process may keep theirs. */
const ownDir = fileURLToPath(new URL('../../', import.meta.url));

/** How many timers are remembered before the finished ones among them are forgotten. */
const firstPruneAt = 1_000;

/** What the hook hands over is Node's own timer, whose end no public call tells. */
type Timer = { hasRef(): boolean; readonly _destroyed: boolean };

/** Watches every timer that is set from `start` to `stop`. */
export class TimerWatch {
  static #active = 0;
  readonly #hook: AsyncHook;
  readonly #setAt = new Map<Timer, Error>();
  #pruneAt = firstPruneAt;
  #isAlone = true;
  #isActive = false;

  constructor() {
    this.#hook = createHook({
      init: (_id, type, _trigger, resource) => {
        if (type === 'Timeout') this.#remember(resource as Timer);
      },
    });
  }

  start(): void {
    this.#isActive = true;
    TimerWatch.#active += 1;
    this.#isAlone = TimerWatch.#active === 1;
    this.#hook.enable();
  }

  /** Harmless when it was stopped before. */
  stop(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    TimerWatch.#active -= 1;
    this.#hook.disable();
    this.#setAt.clear();
  }

  /**
   * The lines of source where timers were set that are still running and keep the process alive.
   * Nothing when another run shares the process, since a timer does not say whose it is.
   */
  remaining(): readonly string[] {
    if (TimerWatch.#active > 1) this.#isAlone = false;
    if (!this.#isAlone) return [];
    this.#prune();
    return [...this.#setAt]
      .filter(([timer]) => timer.hasRef())
      .flatMap(([, { stack = '' }]) => placeIn(stack) ?? []);
  }

  // An Error keeps its stack as it is and writes it out only when somebody reads it, so this is cheap.
  #remember(timer: Timer): void {
    if (this.#setAt.size >= this.#pruneAt) this.#prune();
    this.#setAt.set(timer, new Error('set here'));
  }

  #prune(): void {
    for (const timer of this.#setAt.keys()) if (timer._destroyed) this.#setAt.delete(timer);
    this.#pruneAt = Math.max(firstPruneAt, 2 * this.#setAt.size);
  }
}

/** The innermost place in `core` or `sim`, but for the watch itself. Stacks name files by path or by URL. */
function placeIn(stack: string): string | undefined {
  for (const line of stack.split('\n')) {
    const [, place = ''] = line.split(
      line.includes('file://') ? pathToFileURL(ownDir).href : ownDir,
    );
    const found = /^(?:core|sim)[\\/].*?:\d+/.exec(place)?.[0];
    if (found !== undefined && !found.includes('timer-watch.')) return found;
  }
  return undefined;
}
