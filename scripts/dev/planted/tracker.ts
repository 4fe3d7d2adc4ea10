/** Planted faults: announcing, and the tracker itself. */
import type { Fault } from './fault.ts';

export const trackerFaults: readonly Fault[] = [
  {
    name: 'stopped-not-sent',
    story: 'Who leaves does not tell its tracker.',
    focus: 'tracker',
    file: 'swarm/announcer.ts',
    find: `    for (const tracker of told) this.#announce(tracker, 'stopped', 0);
`,
    replace: '',
  },
  {
    name: 'started-again',
    story: 'Every announce says started.',
    focus: 'tracker',
    file: 'swarm/announcer.ts',
    find: `    tracker.knowsUs = true;
`,
    replace: '',
  },
  {
    name: 'completed-again',
    story: 'A completion is told with every announce.',
    focus: 'tracker',
    file: 'swarm/announcer.ts',
    find: `    if (event === 'completed') tracker.isOwedCompleted = false;
`,
    replace: '',
  },
  {
    name: 'completed-from-the-start',
    story: 'Who had everything when it came tells the tracker of a completion.',
    focus: 'tracker',
    file: 'swarm/announcer.ts',
    find: `    if (event === 'started') tracker.isOwedCompleted = false;
`,
    replace: '',
  },
  {
    name: 'completed-with-a-part',
    story: 'Who has all that it wants of a torrent says completed, though not everything is there.',
    focus: 'swarm',
    file: 'swarm/torrent.ts',
    find: "    if (torrent.have.isFull) announcing.handle(now, { type: 'complete' });",
    replace: "    announcing.handle(now, { type: 'complete' });",
  },
  {
    name: 'announces-without-pause',
    story: 'The next announce follows the answer at once.',
    focus: 'tracker',
    file: 'swarm/announcer.ts',
    find: 'this.#wait(now, tracker.isOwedCompleted ? now : soon);',
    replace: 'this.#wait(now, after(now, ((soon - now) / 10) as Duration));',
  },
  {
    name: 'uploads-counted-twice',
    story: 'The tracker is told of twice the upload there was.',
    focus: 'tracker',
    file: 'swarm/uploads.ts',
    find: '    this.bytesUp += block.length;',
    replace: '    this.bytesUp += 2 * block.length;',
  },
  {
    name: 'left-ignores-the-last',
    story: 'What is left is told as if all pieces were equally long.',
    focus: 'tracker',
    file: 'torrent/pieces.ts',
    find: '    return have.size * this.pieceLength - short;',
    replace: '    return Math.min(this.length, have.size * this.pieceLength) - 0 * short;',
  },
  {
    name: 'tracker-expires-the-young',
    story: 'The tracker drops whoever was heard lately and keeps the silent.',
    focus: 'tracker',
    file: 'tracker/registry.ts',
    find: 'since(now, table.heardAt(oldest)) >= this.expireAfter',
    replace: 'since(now, table.heardAt(oldest)) < this.expireAfter',
  },
  {
    name: 'tracker-never-expires',
    story: 'A peer that died without a word is named for ever.',
    focus: 'tracker',
    file: 'tracker/registry.ts',
    find: 'since(now, table.heardAt(oldest)) >= this.expireAfter',
    replace: 'since(now, table.heardAt(oldest)) >= 1e12',
  },
  {
    name: 'tracker-ignores-farewells',
    story: 'Who says stopped stays in the lists.',
    focus: 'tracker',
    file: 'tracker/registry.ts',
    find: `    if (row !== nobody) this.#swarms.remove(row);
`,
    replace: '',
  },
  {
    name: 'tracker-counts-every-completed',
    story: 'A completion counts each time it is told.',
    focus: 'tracker',
    file: 'tracker/registry.ts',
    find: "if (event !== 'completed' || !isSeeder || !wasLeecher || table.has(row, 'completed')) return;",
    replace: "if (event !== 'completed' || !isSeeder) return;",
  },
  {
    name: 'tracker-names-the-asker',
    story: 'The tracker gives a peer its own address.',
    focus: 'tracker',
    file: 'tracker/swarm.ts',
    find: 'if (pool === own) askerAt = total + (this.#parts.table.slots[choice.asker] ?? 0);',
    replace: 'if (pool === own) askerAt = Infinity;',
  },
  {
    name: 'tracker-gives-seeders-to-seeders',
    story: 'Seeders are told of seeders.',
    focus: 'tracker',
    file: 'tracker/registry.ts',
    find: "withSeeders: !isSeeder && event !== 'paused',",
    replace: "withSeeders: isSeeder || event !== 'paused',",
  },
  {
    name: 'tracker-miscounts-seeders',
    story: 'Leechers are counted as seeders, too.',
    focus: 'tracker',
    file: 'tracker/registry.ts',
    find: 'const { downloaded, leechers, seeders } = swarm;',
    replace: 'const { downloaded, leechers, size: seeders } = swarm;',
  },
  {
    name: 'tracker-believes-strangers',
    story: 'Anybody may speak for a peer whose id it knows.',
    focus: 'tracker',
    file: 'tracker/registry.ts',
    find: 'if (row !== nobody && this.#isSomebodyElse(row, announcement))',
    replace:
      'if (row !== nobody && this.#isSomebodyElse(row, announcement) && announcement.port === 0)',
  },
];
