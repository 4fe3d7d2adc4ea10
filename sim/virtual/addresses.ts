/** Who has which address: 10.0.0.0/8 by the peer's number, and the next /8 each time a peer moves. */

const firstNetwork = 10;
/** Up to 99.0.0.0/8: beyond are addresses that trackers and peers treat in their own ways (127, multicast). */
const networks = 90;

/** Where everybody finds the tracker: outside of the peers' networks. */
export const trackerIp = '9.255.255.254';
export const trackerPort = 8888;
/** Where every peer listens: one of those that clients have always used. */
export const peerPort = 6881;

/**
 * The address of a peer that has moved so often. Unique for as long as nobody moves ninety times. The low bits of the
 * number come first, so that neighbours by number are in different /24s, as the peers of a real crowd are: whom a peer
 * lets fetch what while it is choked depends on its /24 alone (BEP 6).
 */
export function ipOf(number: number, moves: number): string {
  const host = [0, 8, 16].map((shift) => (number >>> shift) & 255);
  return [firstNetwork + (moves % networks), ...host].join('.');
}

/** The number of the peer that has, or had, this address. */
export const numberAt = (ip: string): number =>
  ip
    .split('.')
    .reduce((number, part, i) => (i === 0 ? 0 : number + Number(part) * 256 ** (i - 1)), 0);
