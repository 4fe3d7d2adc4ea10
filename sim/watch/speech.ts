/** What a peer may say on a connection, given what was said there before (BEP 3, BEP 6). */
import type { BlockRef } from '../../core/torrent/pieces.ts';
import { blockBytes } from '../../core/torrent/pieces.ts';
import type { Saying } from '../../core/wire/saying.ts';
import type { Instant } from '../../core/time.ts';
import { type Line, keyOf } from './line.ts';
import { type Shared, isHiding } from './shared.ts';

type Said<Type extends Saying['type']> = Extract<Saying, { readonly type: Type }>;

export class Speech {
  readonly #shared: Shared;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  /** Judges one saying and takes note of it. */
  // prettier-ignore
  said(now: Instant, line: Line, saying: Saying): void {
    line.spokeAt = now;
    switch (saying.type) {
      case 'handshake':
      case 'keep-alive':     return;
      case 'choke':          return this.#choke(now, line);
      case 'unchoke':        return this.#unchoke(line);
      case 'interested':
      case 'not-interested': return this.#interest(line, saying.type === 'interested');
      case 'have':           return this.#have(line, saying.piece);
      case 'bitfield':
      case 'have-all':
      case 'have-none':      return this.#bitfield(line, saying);
      case 'request':        return this.#request(now, line, saying);
      case 'piece':          return this.#piece(line, saying);
      case 'cancel':         return this.#cancel(line, saying);
      case 'reject':         return this.#reject(line, saying);
      case 'allowed-fast':   return this.#allowedFast(line, saying.piece);
      case 'extended':       if (!line.extension) this.#wrong('agreed', line, 'an extended message'); return;
      case 'suggest':
      case 'unknown':        this.#wrong('agreed', line, `a ${saying.type} message`); return;
      default:               return;
    }
  }

  #wrong(rule: Parameters<Shared['complain']>[0], line: Line, what: string): void {
    const { ip, port } = line.address;
    this.#shared.complain(rule, `to ${ip}:${port}: ${what}`);
  }

  #choke(now: Instant, line: Line): void {
    line.hasSpoken = true;
    if (line.amChoking) this.#wrong('choke', line, 'choke twice');
    line.amChoking = true;
    line.waitsSince = line.peerInterested ? now : undefined;
  }

  #unchoke(line: Line): void {
    line.hasSpoken = true;
    if (!line.amChoking) this.#wrong('choke', line, 'unchoke twice');
    if (!line.peerInterested) this.#wrong('unchokeInterested', line, 'unchoke');
    if (this.#shared.isPaused) this.#wrong('pauses', line, 'unchoke');
    line.unchoke();
  }

  #interest(line: Line, isInterested: boolean): void {
    line.hasSpoken = true;
    if (line.amInterested === isInterested) this.#wrong('interest', line, String(isInterested));
    line.amInterested = isInterested;
  }

  #have(line: Line, piece: number): void {
    line.hasSpoken = true;
    const { have } = this.#shared;
    if (!have.has(piece)) this.#wrong('haveTrue', line, `have ${piece}`);
    if (line.told.has(piece)) this.#wrong('haveOnce', line, `have ${piece}`);
    const isUseless = line.theyHave.has(piece) && this.#shared.options.seedPolicy !== 'super';
    if (isUseless) this.#wrong('haveUseful', line, `have ${piece}`);
    line.told.add(piece);
  }

  #bitfield(line: Line, saying: Said<'bitfield' | 'have-all' | 'have-none'>): void {
    const { have, pieces } = this.#shared;
    if (line.hasSpoken) this.#wrong('bitfield', line, `${saying.type} is not the first`);
    line.hasSpoken = true;
    if (saying.type !== 'bitfield' && !line.fast) this.#wrong('agreed', line, saying.type);
    const told = toldBy(saying, pieces.count);
    if (told === undefined) return this.#wrong('bitfield', line, `${saying.type} of a wrong shape`);
    const isTrue = told.length === have.size && told.every((piece) => have.has(piece));
    const isHidden = told.length === 0 && isHiding(this.#shared);
    if (!isTrue && !isHidden)
      this.#wrong('bitfield', line, `${saying.type} tells of ${told.length} of ${have.size}`);
    for (const piece of told) line.told.add(piece);
  }

  #request(now: Instant, line: Line, { piece, begin, length }: Said<'request'>): void {
    const block = { piece, begin, length };
    const { have, isPaused, options, pieces } = this.#shared;
    const what = `block ${keyOf(block)}`;
    if (!isBlock(block, this.#shared)) this.#wrong('asksBlocks', line, what);
    if (piece < pieces.count && !line.theyHave.has(piece)) this.#wrong('asksHeld', line, what);
    if (have.has(piece)) this.#wrong('asksMissing', line, what);
    if (line.peerChoking && !line.allowedToUs.has(piece)) this.#wrong('asksUnchoked', line, what);
    if (!line.amInterested) this.#wrong('asksInterested', line, what);
    if (isPaused) this.#wrong('pauses', line, what);
    const open = line.asked.get(keyOf(block));
    if (open !== undefined && !open.isCancelled && now - open.at < options.requestLimit)
      this.#wrong('asksOnce', line, what);
    line.asked.set(keyOf(block), { block, at: now, isCancelled: false });
    line.welcome.add(keyOf(block));
  }

  #piece(line: Line, { piece, begin, block }: Said<'piece'>): void {
    const ref = { piece, begin, length: block.length };
    const { have, isLiar, facts, infoHash } = this.#shared;
    line.reads -= 1;
    line.readingBytes -= block.length;
    const mayServe = line.mayServe(ref);
    if (!line.settle(ref)) this.#wrong('serves', line, keyOf(ref));
    else if (!mayServe) this.#wrong('servesUnchoked', line, keyOf(ref));
    if (!have.has(piece)) this.#wrong('servesHeld', line, keyOf(ref));
    else if (!isLiar && !facts.isHonest(infoHash, ref, block))
      this.#wrong('servesTrue', line, keyOf(ref));
  }

  #cancel(line: Line, saying: Said<'cancel'>): void {
    const open = line.asked.get(keyOf(saying));
    // Who chokes without the fast extension has dropped it already (BEP 3), and a cancel crosses a reject.
    if (open === undefined && line.fast) this.#wrong('cancels', line, keyOf(saying));
    if (open !== undefined) open.isCancelled = true;
  }

  #reject(line: Line, saying: Said<'reject'>): void {
    if (!line.fast) this.#wrong('agreed', line, 'reject');
    if (!line.refuse(saying)) this.#wrong('rejects', line, keyOf(saying));
  }

  #allowedFast(line: Line, piece: number): void {
    if (!line.fast) this.#wrong('agreed', line, 'allowed-fast');
    if (!this.#shared.have.has(piece)) this.#wrong('haveTrue', line, `allowed-fast ${piece}`);
    line.allowedToThem.add(piece);
  }
}

const isBlock = ({ piece, begin, length }: BlockRef, { pieces }: Shared): boolean =>
  piece < pieces.count &&
  begin % blockBytes === 0 &&
  begin + length <= pieces.lengthOf(piece) &&
  (length === blockBytes || begin + length === pieces.lengthOf(piece)) &&
  length > 0 &&
  length <= blockBytes;

/** The pieces of which it tells; undefined when it is too long, too short, or has spare bits set. */
function toldBy(
  saying: Said<'bitfield' | 'have-all' | 'have-none'>,
  count: number,
): readonly number[] | undefined {
  if (saying.type === 'have-none') return [];
  const every = Array.from({ length: count }, (_, piece) => piece);
  if (saying.type === 'have-all') return every;
  const { bits } = saying;
  const isSet = (piece: number): boolean => ((bits[piece >> 3] ?? 0) & (0x80 >> (piece & 7))) !== 0;
  if (bits.length !== Math.ceil(count / 8)) return undefined;
  for (let spare = count; spare < bits.length * 8; spare += 1) if (isSet(spare)) return undefined;
  return every.filter(isSet);
}
