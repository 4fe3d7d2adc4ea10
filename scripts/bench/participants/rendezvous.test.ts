import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTorrent } from '../../../core/net/create.ts';
import { sha1 } from '../../../core/net/hash.ts';
import { parseMetainfo } from '../../../core/torrent/metainfo.ts';
import { decodeAnnounceAnswer } from '../../../core/tracker/announce-answer.ts';
import { Rendezvous } from './rendezvous.ts';

const peers = [{ ip: '127.83.0.1', port: 20_001 }];

describe('a tracker that knows when to begin', () => {
  it('answers an announce when it is told to, and later ones at once', async () => {
    await using rendezvous = await Rendezvous.listen(peers);
    let isAnswered = false;
    const first = fetch(rendezvous.url).then((response) => {
      isAnswered = true;
      return response.arrayBuffer();
    });
    await rendezvous.announced;
    expect(isAnswered).toBe(false);
    rendezvous.open();
    for (const bytes of [await first, await (await fetch(rendezvous.url)).arrayBuffer()])
      expect(decodeAnnounceAnswer(new Uint8Array(bytes))).toMatchObject({ peers });
  });

  it('is named in a copy of a torrent, which stays the same torrent', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'swarmproof-bench-'));
    try {
      await using rendezvous = await Rendezvous.listen(peers);
      await writeFile(join(dir, 'file'), 'content');
      const { bytes, metainfo } = await createTorrent(join(dir, 'file'));
      await writeFile(join(dir, 'plain.torrent'), bytes);
      const named = await readFile(await rendezvous.name(join(dir, 'plain.torrent'), dir));
      const { infoHash, trackers } = parseMetainfo(named, { sha1 });
      expect(trackers).toEqual([[rendezvous.url]]);
      expect(infoHash).toBe(metainfo.infoHash);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
