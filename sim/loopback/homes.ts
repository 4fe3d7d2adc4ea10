/** Where the peers of a run live: all in this process, each in a process of its own, or spread over some workers. */
import { availableParallelism } from 'node:os';
import type { Plan } from '../plan.ts';
import type { Leak } from '../world.ts';
import { ChildPeer } from './child-peer.ts';
import { descriptorLimit, descriptorsNeeded } from './descriptors.ts';
import { startProcess, startThread } from './hosts.ts';
import type { PeerEvent, PeerLife, PeerOrder } from './peer-orders.ts';
import { PeerWorkers } from './peer-workers.ts';
import { PlayedPeer } from './played-peer.ts';

/** What a life tells without being asked. */
export type LifeListener = {
  onEvent(event: PeerEvent): void;
  /** It ended although nobody ended it. */
  onLost(): void;
};

export type Homes = {
  /** For the facts of the report. */
  readonly name: string;
  /** Begins a life. Rejects, with nothing left behind, when it cannot. */
  begin(order: PeerOrder, listener: LifeListener): Promise<PeerLife>;
  /** Call when all lives have ended. */
  close(): Promise<void>;
  /** Ends everything that does not run in this process, at once. */
  kill(): Promise<void>;
};

type OnLeak = (leak: Leak) => void;

/** Throws when this process may not have as much open as the plan needs. */
export function homesFor(
  plan: Pick<Plan, 'isolation' | 'peers'>,
  onLeak: OnLeak,
  limit: number = descriptorLimit(),
): Homes {
  switch (plan.isolation) {
    case 'shared':
      return sharedHome(descriptorsNeeded(plan), limit);
    case 'process':
      return ownHomes(onLeak);
    default:
      return workers(workforceFor(plan, limit), onLeak);
  }
}

export type Workforce = { readonly count: number; readonly of: 'threads' | 'processes' };

/** Threads of this process, but where it may not have open what all peers need: then as many processes as that takes. */
export function workforceFor(
  plan: Pick<Plan, 'isolation' | 'peers'>,
  limit: number = descriptorLimit(),
): Workforce {
  const { isolation } = plan;
  const wanted = typeof isolation === 'object' ? isolation.threads : availableParallelism();
  const needed = descriptorsNeeded(plan);
  if (needed <= limit) return { count: Math.min(wanted, plan.peers.length), of: 'threads' };
  return { count: Math.max(wanted, Math.ceil(needed / limit)), of: 'processes' };
}

function sharedHome(needed: number, limit: number): Homes {
  if (needed > limit)
    throw new Error(
      `the peers may come to need ${needed} open files, and this process may have ${limit}: ` +
        'say "isolation: threads", fewer "neighbours", or raise the limit (ulimit -n)',
    );
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    name: 'one thread',
    begin: (order, { onEvent }) => PlayedPeer.start(order, onEvent),
    close: nothing,
    kill: nothing,
  };
}

function ownHomes(onLeak: OnLeak): Homes {
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    name: 'a process each',
    begin: (order, { onEvent, onLost }) =>
      ChildPeer.start(order, {
        onEvent,
        onLeftBehind: (resource) => {
          onLeak({ kind: 'other', what: `${order.name} kept a ${resource}` });
        },
        onLost: (why) => {
          onLost();
          onLeak({ kind: 'child', what: `${order.name} ended by itself: ${why}` });
        },
      }),
    close: nothing,
    kill: nothing,
  };
}

function workers({ count, of }: Workforce, onLeak: OnLeak): Homes {
  const crowd = new PeerWorkers({
    count,
    startHost: of === 'threads' ? startThread : startProcess,
    onLeftBehind: (resource) => {
      onLeak({ kind: 'other', what: `the peers of a worker kept a ${resource}` });
    },
  });
  return {
    name: `${count} ${of}`,
    begin: (order, { onEvent, onLost }) =>
      crowd.start(order, {
        onEvent,
        onLost: (why) => {
          onLost();
          onLeak({ kind: 'child', what: `the worker of ${order.name} ended by itself: ${why}` });
        },
      }),
    close: () => crowd.end(),
    kill: () => crowd.kill(),
  };
}
