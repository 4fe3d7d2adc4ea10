/** Asks a tracker what a user could ask it, without being counted in any answer. */
import { seconds } from '../../core/time.ts';
import { PeerId, type Endpoint, type InfoHash } from '../../core/torrent/ids.ts';
import type { AnnounceRequest } from '../../core/tracker/announce.ts';
import type { CatalogueEntry } from '../../core/tracker/catalogue.ts';
import {
  announce,
  fetchCatalogue,
  scrape,
  type TrackerRequestOptions,
} from '../../core/net/tracker-client.ts';
import type { TorrentWord } from '../world.ts';

type Listed = NonNullable<TorrentWord['catalogue']>;
type Announced = NonNullable<TorrentWord['announce']>;

export type TrackerAddress = Endpoint & { readonly url: string; readonly announceUrl: string };

/** A tracker that takes longer over loopback is not answering, however busy the machine is. */
const answerLimit = seconds(5);
/** More than any scenario has in one swarm, and what our tracker gives at most. */
const wantedPeers = 200;
/** `-SW0100-observer0001` */
const observerId = PeerId('2d5357303130302d6f6273657276657230303031');

/** The catalogue, a scrape and an announce for each torrent. Rejects when one of them is not answered. */
export async function askTracker(
  { ip, url, announceUrl }: TrackerAddress,
  infoHashes: readonly InfoHash[],
): Promise<readonly TorrentWord[]> {
  const options = { localAddress: ip, timeLimit: answerLimit };
  const [catalogue, scraped, announced] = await Promise.all([
    fetchCatalogue(url, options),
    scrape(announceUrl, infoHashes, options),
    Promise.all(infoHashes.map((infoHash) => look(announceUrl, infoHash, options))),
  ]);
  return infoHashes.map((infoHash, index) => {
    const listed = catalogue.find((entry) => entry.infoHash === infoHash);
    const counts = 'files' in scraped ? scraped.files.get(infoHash) : undefined;
    const seen = announced[index];
    return {
      infoHash,
      ...(listed === undefined ? {} : { catalogue: wordOf(listed) }),
      ...(counts === undefined
        ? {}
        : { scrape: { seeders: counts.seeders, leechers: counts.leechers } }),
      ...(seen === undefined ? {} : { announce: seen }),
    };
  });
}

const wordOf = ({ id, seeders, leechers }: CatalogueEntry): Listed => ({
  id,
  seeders: seeders.map(({ peerId }) => peerId),
  leechers: leechers.map(({ peerId }) => peerId),
});

/** A farewell from somebody who was never there leaves no trace, and is answered like any announce. */
async function look(
  announceUrl: string,
  infoHash: InfoHash,
  options: TrackerRequestOptions,
): Promise<Announced | undefined> {
  const request: AnnounceRequest = {
    infoHash,
    peerId: observerId,
    port: 1,
    uploaded: 0,
    downloaded: 0,
    left: 1,
    event: 'stopped',
    compact: true,
    noPeerId: true,
    numwant: wantedPeers,
  };
  const answer = await announce(announceUrl, request, options);
  if ('failure' in answer || answer.seeders === undefined || answer.leechers === undefined)
    return undefined;
  const peers = answer.peers.map(({ ip, port }) => ({ ip, port }));
  return { seeders: answer.seeders, leechers: answer.leechers, peers };
}
