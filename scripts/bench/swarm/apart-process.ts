/** Plays one pair in the network it was started in, which is nobody else's. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import type { Contestant } from '../participants/contestant.ts';
import { contestants } from '../participants/contestants.ts';
import { Speaker } from '../participants/spoken.ts';
import type { ApartOrder } from './apart.ts';
import { playPair } from './pair.ts';

const speaker = await Speaker.hear<ApartOrder>();
const { content, leecher, outcomePath, scratch, seeder } = speaker.order;
// Loopback lends out every address of the network that it is given one of.
execFileSync('ip', ['link', 'set', 'lo', 'up']);
execFileSync('ip', ['address', 'add', '10.77.0.1/16', 'dev', 'lo']);
await speaker.begin();
const place = { content, scratch, network: '10.77' } as const;
const outcome = await playPair({ seeder: named(seeder), leecher: named(leecher) }, place);
await writeFile(outcomePath, JSON.stringify(outcome));
speaker.done();

function named(name: string): Contestant {
  const found = contestants.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no program is called ${name}`);
  return found;
}
