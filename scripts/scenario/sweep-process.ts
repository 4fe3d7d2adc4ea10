/** The process that plays seeds for a sweep, one at a time, until its parent lets go of it. */
import { outcomeOf } from '../../reports/series.ts';
import { playScenario } from './run-scenario.ts';
import type { FromPlayer, SweepOrder, ToPlayer } from './sweep-orders.ts';

let order: SweepOrder | undefined;

process.on('message', (message) => {
  void take(message as ToPlayer);
});
process.on('disconnect', () => process.exit());
// Ctrl+C in a terminal reaches the whole group; the parent decides what it means.
process.on('SIGINT', () => undefined);

async function take(message: ToPlayer): Promise<void> {
  if (message.type === 'order') order = message.order;
  else tell(await played(message.seed));
}

async function played(seed: number): Promise<FromPlayer> {
  try {
    if (order === undefined) throw new Error('a seed came before the order');
    const { loaded, set, choice } = order;
    const { result } = await playScenario(loaded, { seed, set, ...choice });
    return { type: 'played', outcome: outcomeOf(result) };
  } catch (error) {
    return {
      type: 'failed',
      why: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

function tell(message: FromPlayer): void {
  process.send?.(message);
}
