/** The scenario `hostile` is one for each kind of threat: `--set kind=poisoner`. */
import { hostileScenario } from '../../scenarios/hostile.ts';
import { type ThreatKind, threatKinds } from '../../sim/hostile/catalogue.ts';
import type { ScenarioInput } from '../../sim/scenario.ts';
import { usageError } from '../command-line/command-error.ts';

export const hostileName = 'hostile';

const key = 'kind=';

/** Every kind that is asked for: one, or all of them. The last of several settings counts. */
export function kindsIn(settings: readonly string[]): readonly ThreatKind[] {
  const wanted = settings.filter((setting) => setting.startsWith(key)).at(-1);
  const kind = wanted?.slice(key.length) ?? threatKinds[0];
  if (kind === 'all') return threatKinds;
  const known = threatKinds.find((one) => one === kind);
  if (known === undefined)
    throw usageError(`no such kind: ${kind}. There are ${threatKinds.join(', ')}; or all`);
  return [known];
}

/** All settings but the kind, which is no part of a scenario. */
export const withoutKind = (settings: readonly string[]): readonly string[] =>
  settings.filter((setting) => !setting.startsWith(key));

export function hostileInput(settings: readonly string[]): ScenarioInput {
  const [kind, ...more] = kindsIn(settings);
  if (kind === undefined || more.length > 0)
    throw usageError('all kinds are played by `swarmproof run hostile --set kind=all`');
  return hostileScenario(kind);
}
