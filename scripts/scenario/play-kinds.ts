/** Every kind of hostile peer or tracker in turn, each beside the same swarm without it. */
import type { RunResult } from '../../reports/result.ts';
import { type HostileRow, type Hostility, hostileRow } from '../../reports/hostility.ts';
import { withoutHostility } from '../../scenarios/hostile.ts';
import { type ThreatKind, catalogue, hostileTrackers } from '../../sim/hostile/catalogue.ts';
import type { RunRecord } from '../../sim/record.ts';
import { hostileName } from './hostile-kind.ts';
import { loadScenario } from './load-scenario.ts';
import { playScenario } from './run-scenario.ts';
import { chooseWorld, type Fidelity, type WorldChoice, type WorldName } from './worlds.ts';

export type PlayKindsOptions = {
  readonly world?: WorldName | undefined;
  readonly fidelity?: Fidelity | undefined;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Changes to the scenario, but for its kind. */
  readonly set: readonly string[];
  readonly onRow?: (row: PlayedRow) => void;
};

export type PlayedRow = HostileRow & Pick<RunResult, 'replay' | 'traceHash'>;

/** Ends early when the signal is aborted, with the rows that were whole by then. */
export async function playKinds(
  kinds: readonly ThreatKind[],
  options: PlayKindsOptions,
): Promise<readonly PlayedRow[]> {
  const { onRow, seed, signal } = options;
  const rows: PlayedRow[] = [];
  const honest = new Map<WorldChoice['world'], RunRecord>();
  for (const kind of kinds) {
    const set = [`kind=${kind}`, ...options.set];
    const loaded = await loadScenario(hostileName, set);
    const choice = chooseWorld(loaded.scenario, options);
    const baseline = honest.get(choice.world) ?? (await playHonest(choice, options));
    honest.set(choice.world, baseline);
    const { record, result } = await playScenario(loaded, { ...choice, seed, signal, set });
    if (signal.aborted) break;
    const { replay, traceHash } = result;
    const judged = hostileRow(hostilityOf(kind), { hostile: record, honest: baseline });
    const row = { ...judged, replay, traceHash };
    rows.push(row);
    onRow?.(row);
  }
  return rows;
}

async function playHonest(
  choice: WorldChoice,
  { seed, set, signal }: PlayKindsOptions,
): Promise<RunRecord> {
  const loaded = await loadScenario(withoutHostility, set);
  return (await playScenario(loaded, { ...choice, seed, signal })).record;
}

function hostilityOf(kind: ThreatKind): Hostility {
  const peer = catalogue.find((entry) => entry.kind === kind);
  const tracker = hostileTrackers.find((entry) => entry.kind === kind);
  return {
    kind,
    fate: peer?.fate.name ?? 'tolerated',
    slowdown: (peer ?? tracker)?.slowdown ?? 1,
  };
}
