/** Programs that a few lines of ours stand around: they hear and say words. */
import { createInterface } from 'node:readline';
import type { Running } from './contestant.ts';
import { Child, type Command } from './child.ts';

/**
 * They all speak alike: their order is the first line on their input, since it may be longer than an argument; `ready` is
 * said once they seed, or wait to be told to begin; then they hear `go`, and say `done` when all that was ordered is there.
 */
export async function startSpoken(
  command: Command,
  order: { readonly home: string },
): Promise<Running> {
  const child = new Child(command, order.home);
  child.say(JSON.stringify(order));
  try {
    await child.hear('ready');
  } catch (error) {
    await child.stop();
    throw error;
  }
  return {
    pid: child.pid,
    go: () => child.say('go'),
    done: () => child.hear('done'),
    stop: () => child.stop(),
  };
}

/** The other end: what such a program written here hears and says. It ends with whoever started it. */
export class Speaker<Order> {
  readonly order: Order;
  readonly #lines: AsyncIterator<string>;

  private constructor(order: Order, lines: AsyncIterator<string>) {
    this.order = order;
    this.#lines = lines;
  }

  static async hear<Order>(): Promise<Speaker<Order>> {
    const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    return new Speaker<Order>(JSON.parse(value as string) as Order, lines);
  }

  /** Says that it is ready, and resolves when it is told to begin. */
  async begin(): Promise<void> {
    process.stdout.write('ready\n');
    await this.#lines.next();
    void this.#lines.next().then(() => process.exit());
  }

  done(): void {
    process.stdout.write('done\n');
  }
}
