/** Where a scenario is played: with real sockets on loopback, or in virtual time. */
import { statSync } from 'node:fs';
import type { ContentSpec, Scenario } from '../../sim/scenario.ts';
import type { Simulated, World } from '../../sim/world.ts';
import { beyondLoopback, needsOf } from '../../sim/capability.ts';
import { plan } from '../../sim/plan.ts';
import { usageError } from '../command-line/command-error.ts';
import { packageFile } from '../package-file.ts';
import { BreathingWorld } from './breathing-world.ts';

export type WorldName = World['name'];
export type Fidelity = Simulated['fidelity'];

export const worldNames: readonly WorldName[] = ['loopback', 'virtual'];
export const fidelities: readonly Fidelity[] = ['byte-exact', 'elided'];

export type WorldChoice =
  { readonly world: 'loopback' } | { readonly world: 'virtual'; readonly fidelity: Fidelity };

/** Up to so many bytes over all peers, every one is made and hashed unless told otherwise: seconds, not minutes. */
export const byteExactUpToBytes: number = 2 ** 30;

/** Fills in what was left open. */
export function chooseWorld(
  scenario: Scenario,
  wanted: { readonly world?: WorldName | undefined; readonly fidelity?: Fidelity | undefined },
): WorldChoice {
  const { world = worldFor(scenario), fidelity } = wanted;
  if (world === 'loopback') {
    if (fidelity !== undefined) throw usageError('--fidelity is for --world virtual');
    return { world };
  }
  const isLittle = bytesToMove(scenario) <= byteExactUpToBytes;
  return { world, fidelity: fidelity ?? (isLittle ? 'byte-exact' : 'elided') };
}

/** Real sockets, unless they could not play it. What a plan needs does not hang on the seed. */
function worldFor(scenario: Scenario): WorldName {
  const needs = needsOf(plan(scenario, 1));
  return needs.some((need) => beyondLoopback.has(need)) ? 'virtual' : 'loopback';
}

/** The bench is loaded when it is needed, and each world only by those who play in it. */
export async function openWorld(choice: WorldChoice): Promise<World> {
  if (choice.world === 'loopback') {
    const { loopbackWorld } = await import('../../sim/loopback/loopback-world.ts');
    return loopbackWorld();
  }
  const { virtualWorld } = await import('../../sim/virtual/virtual-world.ts');
  const { machineTools } = await import('../../sim/loopback/tools.ts');
  return new BreathingWorld(virtualWorld({ fidelity: choice.fidelity, tools: machineTools() }));
}

/** Every content at every peer that takes part in it. */
function bytesToMove({ content, peers }: Scenario): number {
  const sizes = content.map(bytesOf);
  return Object.values(peers).reduce((sum, { count, contents }) => {
    const own = contents ?? sizes.map((_, index) => index);
    return sum + count * own.reduce((bytes, index) => bytes + (sizes[index] ?? 0), 0);
  }, 0);
}

function bytesOf(content: ContentSpec): number {
  if ('bytes' in content) return content.bytes;
  if ('files' in content) return content.files.reduce((sum, { bytes }) => sum + bytes, 0);
  // A file that is not there is missed by the world, with better words.
  return statSync(packageFile('input', content.file), { throwIfNoEntry: false })?.size ?? 0;
}
