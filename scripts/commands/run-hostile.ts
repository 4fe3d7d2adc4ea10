/** `swarmproof run hostile --set kind=all`: what becomes of every kind, and what it costs the others. */
import type { Context } from '../command-line/command.ts';
import { exitCode, type ExitCode } from '../command-line/exit-code.ts';
import { exitOfInterrupt } from '../command-line/terminal.ts';
import { hostileName, kindsIn, withoutKind } from '../scenario/hostile-kind.ts';
import { playKinds, type PlayedRow, type PlayKindsOptions } from '../scenario/play-kinds.ts';
import { Bars } from '../show/bars.ts';
import { hostileTable } from '../show/hostile-table.ts';
import { printable } from '../show/printable.ts';
import { countText } from '../show/units.ts';

/** Whether these words ask for the table rather than for one run. */
export const asksForKinds = (scenario: string, settings: readonly string[]): boolean =>
  scenario === hostileName && kindsIn(settings).length > 1;

export async function playHostile(
  order: Omit<PlayKindsOptions, 'onRow'>,
  { output }: Context,
): Promise<ExitCode> {
  const { set, signal, seed } = order;
  const kinds = kindsIn(set);
  output.say(`Playing ${hostileName} with ${countText(kinds.length, 'kind')} and seed ${seed} ...`);
  const rows = await withBar(order, { output });
  const failed = rows.filter(({ verdict }) => verdict === 'failed');
  output.document({ scenario: hostileName, seed, rows, verdict: verdictOf(failed) });
  output.answer(hostileTable(rows));
  output.answer(`${verdictOf(failed)}: ${hostileName}, ${countText(rows.length, 'kind')}`);
  for (const { broken, kind, replay } of failed)
    output.warn(`${kind}: ${broken.map(printable).join('; ')}\n  ${replay}`);
  if (signal.aborted) return exitOfInterrupt(signal);
  return failed.length === 0 ? exitCode.passed : exitCode.failed;
}

async function withBar(
  order: Omit<PlayKindsOptions, 'onRow'>,
  { output }: Pick<Context, 'output'>,
): Promise<readonly PlayedRow[]> {
  const kinds = kindsIn(order.set);
  using bars = new Bars(output);
  const bar = bars.add('kinds', kinds.length);
  let done = 0;
  return await playKinds(kinds, {
    ...order,
    set: withoutKind(order.set),
    onRow: ({ kind, verdict }) => {
      done += 1;
      bar.update(done, `${kind} ${verdict}`);
    },
  });
}

const verdictOf = (failed: readonly PlayedRow[]): 'passed' | 'failed' =>
  failed.length === 0 ? 'passed' : 'failed';
