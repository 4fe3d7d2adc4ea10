/** An announce (BEP 3, 7, 15) as the registry works with it: numbers in place, filled in anew for each, so that none is made for it. */
import type { AnnounceEvent, AnnounceRequest } from './announce.ts';
import { parseIp } from './ip.ts';
import { ipWords, isHostAt, wordsFromIp } from './ip-words.ts';
import { keyNumber } from './key.ts';
import { idWords, wordsFromHex } from './peer-table.ts';

/** What the registry makes use of. */
type Asked = Pick<
  AnnounceRequest,
  'event' | 'infoHash' | 'key' | 'left' | 'numwant' | 'peerId' | 'port'
>;

export class Announcement {
  readonly infoHash: Uint32Array = new Uint32Array(idWords);
  readonly peerId: Uint32Array = new Uint32Array(idWords);
  /** Where the peer says it is, or where it speaks from. */
  readonly ip: Uint32Array = new Uint32Array(ipWords);
  port = 0;
  isSeeder = false;
  event: AnnounceEvent | undefined = undefined;
  numwant: number | undefined = undefined;
  /** 0: none. */
  key = 0;

  /** Takes over what counts of a request that names a peer at `ip`, any text. */
  read({ event, infoHash, key, left, numwant, peerId, port }: Asked, ip: string): void {
    wordsFromHex(infoHash, this.infoHash);
    wordsFromHex(peerId, this.peerId);
    const address = parseIp(ip);
    if (address === undefined) this.ip.fill(0);
    else wordsFromIp(address, this.ip);
    this.port = port;
    this.isSeeder = left === 0;
    this.event = event;
    this.numwant = numwant;
    this.key = key === undefined ? 0 : keyNumber(key);
  }

  /** Whether a peer can listen there. */
  get isDialable(): boolean {
    return this.port >= 1 && this.port <= 65_535 && isHostAt(this.ip, 0);
  }
}
