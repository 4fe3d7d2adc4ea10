/** Virtual worlds with a witness, as every hunt plays in. */
import { type Worlds, huntPatience } from '../../../sim/fuzz/trial.ts';
import { machineTools } from '../../../sim/loopback/tools.ts';
import { virtualWorld } from '../../../sim/virtual/virtual-world.ts';
import { swarmWatch } from '../../../sim/watch/swarm-watch.ts';

const tools = machineTools();

export const watchedWorlds: Worlds = (fidelity, mostInputs = huntPatience.mostInputs) =>
  virtualWorld({
    fidelity,
    tools,
    witness: (facts) => swarmWatch(facts, { ...huntPatience, mostInputs }),
  });
