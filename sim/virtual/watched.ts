/** A session that is looked at: a witness sees each input and everything it caused before it is carried out. */
import type { SessionMachine } from '../../core/swarm/session-machine.ts';
import type { LifeWitness } from '../witness.ts';

export function watched(machine: SessionMachine, witness: LifeWitness): SessionMachine {
  return {
    get deadline() {
      return machine.deadline;
    },
    newConnection: () => machine.newConnection(),
    handle: (now, input) => {
      const outputs = machine.handle(now, input);
      witness.handled(now, input, outputs);
      return outputs;
    },
  };
}
