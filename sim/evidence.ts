/** What checks and expectations ask of a record: who was meant, when they joined and completed, who sent whom how much. */
import { type Endpoint, type PeerId, endpointKey } from '../core/torrent/ids.ts';
import type { Instant } from '../core/time.ts';
import { isHostile } from './hostile/kinds.ts';
import { bitsOf } from './bits.ts';
import type { PeerContent, PeerSpec } from './plan.ts';
import type { PeerSample, PerformedAction, RunRecord, Transfer } from './record.ts';
import { type Span, truthOf } from './truth.ts';
import { parseWho } from './who.ts';
import type { Action, ContentFacts, FileFound, RecordedEvent } from './world.ts';

/** A record with its indices; made once and asked by every check. */
export class Evidence {
  readonly record: RunRecord;
  #spans: readonly Span[] | undefined;
  readonly #specs: ReadonlyMap<string, PeerSpec>;
  readonly #nameOf: ReadonlyMap<PeerId, string>;
  readonly #nameAt: ReadonlyMap<string, string>;
  readonly #last: ReadonlyMap<string, PeerSample>;
  readonly #events: ReadonlyMap<string, readonly RecordedEvent[]>;
  readonly #actions: ReadonlyMap<string, readonly PerformedAction[]>;
  readonly #files: ReadonlyMap<string, readonly FileFound[]>;
  readonly #contents: ReadonlyMap<string, number>;

  constructor(record: RunRecord) {
    this.record = record;
    const { plan } = record.header;
    this.#specs = new Map(plan.peers.map((peer) => [peer.name, peer]));
    this.#nameOf = new Map(plan.peers.map((peer) => [peer.peerId, peer.name]));
    this.#nameAt = addresses(record.peers);
    this.#last = new Map(record.samples.map((sample) => [sample.peer, sample]));
    this.#events = grouped(record.events, ({ peer }) => peer);
    this.#actions = grouped(record.actions, ({ action }) => ('peer' in action ? action.peer : ''));
    this.#files = grouped(record.files, ({ peer }) => peer);
    this.#contents = new Map(record.contents.map(({ infoHash }, index) => [infoHash, index]));
  }

  /** Who was what and when; worked out when first asked for. */
  get spans(): readonly Span[] {
    this.#spans ??= truthOf(this.record).spans();
    return this.#spans;
  }

  /** The peers that are meant; empty when the scenario has none of that name. `any leecher` is the whole group here. */
  called(who: string): readonly string[] {
    const groups = Object.entries(this.record.header.scenario.peers);
    const called = parseWho(who, new Map(groups.map(([role, { count }]) => [role, count])));
    return typeof called === 'string' ? [] : called.names;
  }

  isHonest = (name: string): boolean => {
    const spec = this.#specs.get(name);
    return spec !== undefined && !isHostile(spec);
  };

  spec = (name: string): PeerSpec | undefined => this.#specs.get(name);

  nameOf = (peerId: PeerId): string | undefined => this.#nameOf.get(peerId);

  /** Who listens there, or else who alone has that IP address: outgoing connections come from other ports. */
  nameAt = (address: Endpoint): string | undefined =>
    this.#nameAt.get(endpointKey(address)) ?? this.#nameAt.get(address.ip);

  contentOf = (event: RecordedEvent): number | undefined => this.#contents.get(event.infoHash);

  eventsOf = (name: string): readonly RecordedEvent[] => this.#events.get(name) ?? [];

  /** How the peer was last seen; undefined when it never joined. */
  last = (name: string): PeerSample | undefined => this.#last.get(name);

  actionsOn = (name: string, ...types: readonly Action['type'][]): readonly PerformedAction[] =>
    (this.#actions.get(name) ?? []).filter(({ action }) => types.includes(action.type));

  joinedAt = (name: string): Instant | undefined =>
    this.actionsOn(name, 'join', 'restart').find(({ error }) => error === undefined)?.at;

  /** When it first held everything it wants of each of its contents; undefined when it never did. */
  completedAt(name: string): Instant | undefined {
    const parts = this.spec(name)?.contents ?? [];
    const times = parts.map(({ content }) => this.#contentCompletedAt(name, content));
    if (times.length === 0 || times.includes(undefined)) return undefined;
    return Math.max(...times.map((at) => at ?? 0)) as Instant;
  }

  #contentCompletedAt(name: string, content: number): Instant | undefined {
    return this.eventsOf(name).find(
      (event) =>
        this.contentOf(event) === content &&
        (event.type === 'completed' ||
          (event.type === 'opened' && event.piecesHave === event.pieceCount)),
    )?.at;
  }

  /** Whether every file it wants is on its disk under the final name with the source's SHA-256. */
  isVerified(name: string): boolean {
    const parts = this.spec(name)?.contents ?? [];
    return parts.length > 0 && parts.every((part) => this.isContentVerified(name, part));
  }

  isContentVerified(name: string, { content, wants }: PeerContent): boolean {
    const files = this.record.contents[content]?.files ?? [];
    const wanted = files.filter(({ path }) => wants?.includes(path) ?? true);
    return (
      wanted.length > 0 &&
      wanted.every(({ path, sha256 }) =>
        (this.#files.get(name) ?? []).some(
          (found) =>
            found.content === content &&
            found.path === path &&
            !found.isPartial &&
            found.sha256 === sha256,
        ),
      )
    );
  }

  /** The pieces the peer holds of a content at the end: what it opened with last, and what it verified since. */
  held(name: string, content: number): ReadonlySet<number> {
    let held = new Set<number>();
    for (const event of this.eventsOf(name)) {
      if (this.contentOf(event) !== content) continue;
      if (event.type === 'opened') held = new Set(bitsOf(event.have));
      if (event.type === 'piece-verified') held.add(event.piece);
    }
    return held;
  }

  transfersBetween(from: readonly string[], to: readonly string[]): readonly Transfer[] {
    return this.record.transfers.filter(
      (transfer) => from.includes(transfer.from) && to.includes(transfer.to),
    );
  }
}

/** The pieces a peer wants of a content: those its wanted files touch. */
export function wantedPieces(
  facts: ContentFacts,
  wants: PeerContent['wants'],
): ReadonlySet<number> {
  const pieces = new Set<number>();
  let offset = 0;
  for (const { path, length } of facts.files) {
    const last = length === 0 ? -1 : Math.floor((offset + length - 1) / facts.pieceLength);
    if (wants?.includes(path) ?? true) {
      for (let i = Math.floor(offset / facts.pieceLength); i <= last; i += 1) pieces.add(i);
    }
    offset += length;
  }
  return pieces;
}

function addresses(peers: RunRecord['peers']): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const shared = new Set<string>();
  for (const { name, address, movedFrom = [] } of peers) {
    for (const place of address === undefined ? [] : [...movedFrom, address]) {
      names.set(endpointKey(place), name);
      if ((names.get(place.ip) ?? name) !== name) shared.add(place.ip);
      names.set(place.ip, name);
    }
  }
  for (const ip of shared) names.delete(ip);
  return names;
}

function grouped<Row>(
  rows: readonly Row[],
  peerOf: (row: Row) => string,
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const peer = peerOf(row);
    const group = groups.get(peer);
    if (group === undefined) groups.set(peer, [row]);
    else group.push(row);
  }
  return groups;
}
