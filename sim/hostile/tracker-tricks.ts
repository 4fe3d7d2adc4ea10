/** What a hostile tracker answers to every second announce: the others are as they should be, so that peers find each other. */
import { encodeBencode } from '../../core/bencode/encode.ts';
import { encodeUtf8 } from '../../core/bytes/utf8.ts';
import { type Random, randomBelow, randomStream } from '../../core/random.ts';
import type { HttpAnswer } from '../../core/tracker/http.ts';

export const trackerTricks = ['garbage', 'strangers', 'nowhere'] as const;

export type TrackerTrick = (typeof trackerTricks)[number];

/** A million addresses of six bytes (BEP 23). */
const strangerCount = 1_000_000;
const garbageBytes = 4_096;
/** Deeper than any answer needs to be (threats of bencode: nesting). */
const depth = 10_000;

/** Addresses at which no peer can be: this host, private networks, multicast, everybody; and port 0. */
const nowhere = [
  [0, 0, 0, 0],
  [127, 0, 0, 1],
  [169, 254, 169, 254],
  [172, 16, 0, 1],
  [192, 168, 0, 1],
  [224, 0, 0, 1],
  [255, 255, 255, 255],
];

/** What is played by one tracker: announces are counted, other questions are answered as they should be. */
export class TrackerTricks {
  readonly #trick: TrackerTrick;
  readonly #seed: number;
  #announces = 0;

  constructor(trick: TrackerTrick, seed: number) {
    this.#trick = trick;
    this.#seed = seed;
  }

  /** The answer itself, or what is given instead. */
  pass(target: string, honest: HttpAnswer): HttpAnswer {
    if (!target.startsWith('/announce')) return honest;
    this.#announces += 1;
    if (this.#announces % 2 === 1) return honest;
    return tricked(
      this.#trick,
      honest,
      randomStream(this.#seed, `tracker/trick/${this.#announces}`),
    );
  }
}

function tricked(trick: TrackerTrick, honest: HttpAnswer, random: Random): HttpAnswer {
  switch (trick) {
    case 'garbage':
      return { ...honest, body: garbage(honest.body, random) };
    case 'strangers':
      return { ...honest, body: naming(aMillion()) };
    case 'nowhere':
      return { ...honest, body: naming(Uint8Array.from(nowhere.flatMap(withPorts))) };
  }
}

function garbage(honest: Uint8Array, random: Random): Uint8Array {
  const kinds = [
    () => new Uint8Array(),
    () => Uint8Array.from({ length: garbageBytes }, () => randomBelow(random, 256)),
    () => encodeUtf8('<html><body>It works!</body></html>'),
    () => encodeUtf8('l'.repeat(depth)),
    () => honest.subarray(0, randomBelow(random, honest.length)),
    () => encodeUtf8('d8:intervali-1e5:peers99999999999:e'),
  ];
  return kinds[randomBelow(random, kinds.length)]?.() ?? new Uint8Array();
}

/** All of 198.18.0.0/15, which is for benchmarks (RFC 2544), at many ports. Made once: it is the same for everybody. */
let strangers: Uint8Array | undefined;

function aMillion(): Uint8Array {
  if (strangers !== undefined) return strangers;
  const peers = new Uint8Array(strangerCount * 6);
  for (let i = 0; i < strangerCount; i += 1) {
    const at = i * 6;
    peers[at] = 198;
    peers[at + 1] = 18 + ((i >>> 16) & 1);
    peers[at + 2] = i >>> 8;
    peers[at + 3] = i;
    peers[at + 4] = 1 + (i >>> 17);
    peers[at + 5] = i;
  }
  strangers = peers;
  return peers;
}

const withPorts = (ip: readonly number[]): readonly number[] =>
  [0, 1, 9].flatMap((port) => [...ip, port >>> 8, port]);

const naming = (peers: Uint8Array): Uint8Array =>
  encodeBencode({ complete: 1_000_000, incomplete: 0, interval: 1, peers });
