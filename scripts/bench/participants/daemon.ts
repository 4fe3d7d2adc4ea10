/** Programs that know nothing of a bench: told by a tracker when to begin, and telling by a file when they are done. */
import { existsSync, watch } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PeerOrder, ProcessOrder, Running } from './contestant.ts';
import { Child, type Command } from './child.ts';
import { Rendezvous } from './rendezvous.ts';

/** What such a program is started with. */
export type DaemonOrder = PeerOrder & {
  readonly home: string;
  /** It names the tracker that knows when to begin. */
  readonly torrentPath: string;
  /** A program without arguments, to be run when the file is whole. */
  readonly hook: string;
};

/** `prepare` writes its settings and returns how it is called. */
export async function startDaemon(
  { home, peers, torrentPath }: ProcessOrder,
  prepare: (order: DaemonOrder) => Promise<Command> | Command,
): Promise<Running> {
  const [peer] = peers;
  if (peer === undefined || peers.length > 1) throw new Error('one peer in a process');
  const rendezvous = await Rendezvous.listen(peer.meets);
  const doneFile = join(home, 'done');
  const hook = join(home, 'hook');
  await writeFile(hook, `#!/bin/sh\n: > '${doneFile}'\n`);
  await chmod(hook, 0o755);
  const named = await rendezvous.name(torrentPath, home);
  const command = await prepare({ ...peer, home, hook, torrentPath: named });
  const child = new Child(command, home);
  const watcher = watch(home, () => child.poke());
  const stop = async (): Promise<void> => {
    watcher.close();
    await Promise.all([child.stop(), rendezvous[Symbol.asyncDispose]()]);
  };
  try {
    await announced(child, rendezvous);
  } catch (error) {
    await stop();
    throw error;
  }
  if (peer.role === 'seed') rendezvous.open();
  return {
    pid: child.pid,
    go: () => rendezvous.open(),
    done: () => child.until('the file is whole', () => existsSync(doneFile)),
    stop,
  };
}

async function announced(child: Child, rendezvous: Rendezvous): Promise<void> {
  let isHere = false;
  void rendezvous.announced.then(() => {
    isHere = true;
    child.poke();
  });
  await child.until('it announces itself', () => isHere);
}
