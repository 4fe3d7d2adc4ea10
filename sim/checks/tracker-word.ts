/** The tracker's word: at every moment its lists equal the truth, within the staleness bound that the scenario states. */
import { type Instant, start } from '../../core/time.ts';
import type { PeerId } from '../../core/torrent/ids.ts';
import type { Evidence } from '../evidence.ts';
import { liesToTrackers } from '../hostile/kinds.ts';
import type { CheckResult, TrackerSample } from '../record.ts';
import { type Span, overlap } from '../truth.ts';
import type { TorrentWord } from '../world.ts';
import { type Allowed, type Said, allowedWords, circumstances } from './allowed-words.ts';
import { verdict } from './verdict.ts';

const name = "tracker's word";

export function trackersWord(evidence: Evidence): CheckResult {
  const { record } = evidence;
  const oracle = new Oracle(evidence);
  const answered = record.tracker.filter(({ failure }) => failure === undefined);
  if (answered.length === 0) return verdict(name, ['the tracker never answered'], '');
  const wrong = [
    ...answered.flatMap((sample) => sample.word.flatMap((word) => oracle.judge(sample, word))),
    ...unanswered(evidence),
  ];
  const exact = answered.filter((sample) => isExact(sample, evidence)).length;
  const kept = `${answered.length} samples, ${exact} of them the very truth, the others older within the bound`;
  return verdict(name, wrong, kept);
}

/** What may be said of each peer, worked out once. */
class Oracle {
  readonly #evidence: Evidence;
  readonly #allowed: ReadonlyMap<number, ReadonlyMap<string, readonly Allowed[]>>;
  /** So many peers may be listed that there are not: somebody may have made them up. */
  readonly #invented: number;

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    const around = circumstances(evidence.record);
    const { peers } = evidence.record.header.plan;
    const liars = new Set(peers.filter(liesToTrackers).map(({ name: liar }) => liar));
    const isLiar = (peer: string): boolean => liars.has(peer);
    this.#invented = liars.size > 0 ? Infinity : 0;
    const spans = byPeerAndContent(evidence.spans);
    this.#allowed = new Map(
      evidence.record.contents.map((_, content) => [
        content,
        new Map(
          peers.map(({ name: peer }) => [
            peer,
            isLiar(peer)
              ? anything
              : allowedWords(peer, spans.get(`${peer} ${content}`) ?? [], around),
          ]),
        ),
      ]),
    );
  }

  judge(sample: TrackerSample, word: TorrentWord): readonly string[] {
    const content = this.#evidence.record.contents.findIndex(
      ({ infoHash }) => infoHash === word.infoHash,
    );
    const peers = this.#allowed.get(content);
    if (peers === undefined)
      return [`the tracker knows a torrent ${word.infoHash} that nobody shares`];
    const at = (peer: string): ReadonlySet<Said> => saidAt(peers.get(peer) ?? [], sample);
    const words = [...peers.keys()].map((peer) => at(peer));
    return [
      ...this.#ofCatalogue(word, peers, at),
      ...counts('scrape', word.scrape, words, this.#invented),
      ...counts('announce', word.announce, words, this.#invented),
      ...this.#ofPeers(word, at),
    ].map((what) => `at ${sample.askedAt} ms ${what}`);
  }

  #ofCatalogue({ catalogue }: TorrentWord, peers: Peers, at: MaySay): readonly string[] {
    const seeders = new Set(catalogue?.seeders);
    const leechers = new Set(catalogue?.leechers);
    const strangers = [...seeders, ...leechers]
      .filter((peerId) => this.#invented === 0 && this.#evidence.nameOf(peerId) === undefined)
      .map((peerId) => `the catalogue lists ${peerId}, whom nobody knows`);
    const wrong = [...peers.keys()].flatMap((peer) => {
      const peerId = this.#evidence.spec(peer)?.peerId;
      const said = saidOf(peerId, seeders, leechers);
      const allowed = at(peer);
      // A torrent without seeders is not in the list, so that nothing is said of its leechers.
      const holds =
        catalogue === undefined
          ? allowed.has('leecher') || allowed.has('absent')
          : allowed.has(said);
      return holds
        ? []
        : [`the catalogue has ${peer} as ${said}, true is ${[...allowed].join(' or ')}`];
    });
    return [...strangers, ...wrong];
  }

  #ofPeers({ announce }: TorrentWord, at: MaySay): readonly string[] {
    return (announce?.peers ?? []).flatMap((address) => {
      const peer = this.#evidence.nameAt(address);
      if (peer === undefined)
        return [`an announce names ${address.ip}:${address.port}, whom nobody knows`];
      const allowed = at(peer);
      return allowed.has('seeder') || allowed.has('leecher')
        ? []
        : [`an announce names ${peer}, who is gone`];
    });
  }
}

type Peers = ReadonlyMap<string, readonly Allowed[]>;
type MaySay = (peer: string) => ReadonlySet<Said>;

/** What may be said of somebody whose own word is a lie. */
const anything: readonly Allowed[] = (['seeder', 'leecher', 'absent'] as const).map((said) => ({
  from: start,
  to: Infinity as Instant,
  said,
}));

/** What may be said between the question and the answer. */
const saidAt = (allowed: readonly Allowed[], sample: TrackerSample): ReadonlySet<Said> =>
  new Set(
    allowed
      .filter((word) => overlap(word, { from: sample.askedAt, to: sample.answeredAt }))
      .map(({ said }) => said),
  );

function saidOf(
  peerId: PeerId | undefined,
  seeders: ReadonlySet<PeerId>,
  leechers: ReadonlySet<PeerId>,
): Said {
  if (peerId === undefined) return 'absent';
  if (seeders.has(peerId)) return 'seeder';
  return leechers.has(peerId) ? 'leecher' : 'absent';
}

/** A number must lie between those who must be counted and those who may be. */
function counts(
  source: string,
  said: { readonly seeders: number; readonly leechers: number } | undefined,
  words: readonly ReadonlySet<Said>[],
  invented: number,
): readonly string[] {
  if (said === undefined) return [];
  return (['seeder', 'leecher'] as const).flatMap((kind) => {
    const most = words.filter((word) => word.has(kind)).length + invented;
    const least = words.filter((word) => word.has(kind) && word.size === 1).length;
    const count = said[`${kind}s`];
    if (count >= least && count <= most) return [];
    return [
      `the ${source} counts ${count} ${kind}s, true is ${least === most ? least : `${least} to ${most}`}`,
    ];
  });
}

/** A tracker that is up answers. */
function unanswered({ record }: Evidence): readonly string[] {
  const around = circumstances(record);
  return record.tracker
    .filter(({ failure }) => failure !== undefined)
    .filter(({ askedAt, answeredAt }) => {
      const asked = { from: askedAt, to: answeredAt };
      return !around.outages.some((outage) => overlap(outage, asked));
    })
    .map(({ askedAt, failure }) => `at ${askedAt} ms it did not answer: ${failure ?? ''}`);
}

/** Whether the catalogue said just what was true when it answered. */
function isExact({ word, truth }: TrackerSample, evidence: Evidence): boolean {
  return evidence.record.contents.every(({ infoHash }, content) => {
    const catalogue = word.find((torrent) => torrent.infoHash === infoHash)?.catalogue;
    const named = (ids: readonly PeerId[]): string =>
      ids
        .map((id) => evidence.nameOf(id) ?? '?')
        .sort()
        .join(' ');
    const seeders = truth[content]?.seeders ?? [];
    if (named(catalogue?.seeders ?? []) !== seeders.join(' ')) return false;
    return (
      catalogue === undefined || named(catalogue.leechers) === truth[content]?.leechers.join(' ')
    );
  });
}

function byPeerAndContent(spans: readonly Span[]): ReadonlyMap<string, readonly Span[]> {
  const groups = new Map<string, Span[]>();
  for (const span of spans) {
    const key = `${span.peer} ${span.content}`;
    groups.set(key, [...(groups.get(key) ?? []), span]);
  }
  for (const group of groups.values()) group.sort((a, b) => a.from - b.from);
  return groups;
}
