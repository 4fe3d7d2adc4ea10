/** Peer ids that say which client made them (BEP 20). */
import { fromHex, toHex } from '../bytes/hex.ts';
import { fromLatin1, latin1 } from '../bytes/utf8.ts';
import { type Random, randomBelow } from '../random.ts';
import { PeerId } from './ids.ts';
import { printable } from './printable.ts';

/** Swarmproof 0.1.0. */
const ownPrefix = '-SW0100-';
const randomChars = 12;
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The clients one meets in practice; others are shown by their two letters. */
const clients: ReadonlyMap<string, string> = new Map([
  ['A2', 'aria2'],
  ['AZ', 'Vuze'],
  ['BT', 'BitTorrent'],
  ['DE', 'Deluge'],
  ['KT', 'KTorrent'],
  ['LT', 'libtorrent'],
  ['lt', 'rTorrent'],
  ['qB', 'qBittorrent'],
  ['SW', 'Swarmproof'],
  ['TR', 'Transmission'],
  ['UT', 'µTorrent'],
  ['WW', 'WebTorrent'],
]);

/** A new id of ours: a prefix with the version, then letters and digits from `random`. */
export function makePeerId(random: Random): PeerId {
  let text = ownPrefix;
  for (let i = 0; i < randomChars; i += 1) text += alphabet[randomBelow(random, alphabet.length)];
  return PeerId(toHex(fromLatin1(text)));
}

/** The client and version an id claims, `Transmission 4.0.6.0`; else its first eight bytes. Fit for a terminal. */
export function clientOf(peerId: PeerId): string {
  const text = latin1(fromHex(peerId));
  const [, letters, version] = /^-([A-Za-z0-9]{2})([A-Za-z0-9]{4})-/.exec(text) ?? [];
  if (letters === undefined || version === undefined) return ariaOr(text);
  return `${clients.get(letters) ?? letters} ${[...version].join('.')}`;
}

/** aria2 writes its version out, `A2-1-37-0-`. */
function ariaOr(text: string): string {
  const [, version] = /^A2-(\d{1,2}-\d{1,2}-\d{1,2})-/.exec(text) ?? [];
  return version === undefined
    ? printable(text.slice(0, 8))
    : `aria2 ${version.replaceAll('-', '.')}`;
}
