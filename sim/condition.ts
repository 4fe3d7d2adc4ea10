/** Conditions of the timeline: `leechers at 50 %`, `seeder-0 sent 10 MiB`, `any leecher completed`. */
import { never } from '../core/never.ts';
import { nearest } from './nearest.ts';
import { parseBytes } from './quantity.ts';
import { type Roles, parseWho } from './who.ts';
import type { Observation, PeerObservation } from './observation.ts';

/** A condition whose peers are known by name. */
export type Condition = {
  readonly text: string;
  readonly peers: readonly string[];
  /** `all`: the group as a whole for shares and bytes, every member otherwise; `any`: one of them is enough. */
  readonly quantifier: 'all' | 'any';
  readonly reached: Reached;
};

export type Reached =
  | { readonly type: 'share'; readonly share: number }
  | { readonly type: 'sent' | 'received'; readonly bytes: number }
  | { readonly type: 'completed' | 'joined' | 'left' };

/** What is wrong with a condition; `offset` is where in the text, from 0. */
export type ConditionMistake = { readonly what: string; readonly offset: number };

const verbs = ['at', 'sent', 'received', 'completed', 'joined', 'left'];
const form = /^(\s*)((?:any\s+)?\S+)(\s+)(\S+)(\s*)(.*?)\s*$/;

export function parseCondition(text: string, roles: Roles): Condition | ConditionMistake {
  const match = form.exec(text);
  if (match === null) {
    return {
      what: `a condition reads like 'leechers at 50 %' or 'seeder-0 sent 10 MiB'`,
      offset: 0,
    };
  }
  const [, lead = '', who = '', gap = '', verb = '', space = '', amount = ''] = match;
  const called = parseWho(who.replace(/\s+/, ' '), roles);
  if (typeof called === 'string') return { what: called, offset: lead.length };
  const verbOffset = lead.length + who.length + gap.length;
  if (!verbs.includes(verb)) {
    return { what: `no such verb: '${verb}'${nearest(verb, verbs)}`, offset: verbOffset };
  }
  const reached = parseReached(verb, amount);
  if (typeof reached === 'string') {
    return { what: reached, offset: verbOffset + verb.length + space.length };
  }
  return { text, peers: called.names, quantifier: called.quantifier, reached };
}

export const isMistake = (parsed: Condition | ConditionMistake): parsed is ConditionMistake =>
  'what' in parsed;

function parseReached(verb: string, amount: string): Reached | string {
  switch (verb) {
    case 'at': {
      const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(amount)?.[1];
      const share = Number(percent) / 100;
      return share <= 1 ? { type: 'share', share } : `'${amount}' is no share from 0 % to 100 %`;
    }
    case 'sent':
    case 'received': {
      const bytes = parseBytes(amount);
      return bytes === undefined ? `'${amount}' is no size, such as 10 MiB` : { type: verb, bytes };
    }
    case 'completed':
    case 'joined':
    case 'left':
      return amount === '' ? { type: verb } : `nothing may follow '${verb}', here is '${amount}'`;
    default:
      return `no such verb: '${verb}'`;
  }
}

/** Whether the condition holds now. Of nobody, nothing holds. */
export function holds({ peers, quantifier, reached }: Condition, seen: Observation): boolean {
  const group = peers.map((name) => seen.peers.get(name));
  if (group.length === 0) return false;
  if (quantifier === 'any') return group.some((peer) => ofAll(reached, [peer]));
  return ofAll(reached, group);
}

/** Who never joined is `undefined` and counts as having nothing. */
function ofAll(reached: Reached, group: readonly (PeerObservation | undefined)[]): boolean {
  switch (reached.type) {
    case 'share': {
      // Peers yet to join have as many pieces to get as those who are here.
      const most = Math.max(0, ...group.map((peer) => peer?.pieceCount ?? 0));
      const have = sum(group, (peer) => peer.piecesHave);
      return most > 0 && have >= reached.share * most * group.length;
    }
    case 'sent':
      return sum(group, (peer) => peer.bytesUp) >= reached.bytes;
    case 'received':
      return sum(group, (peer) => peer.bytesDown) >= reached.bytes;
    case 'completed':
      return group.every((peer) => peer?.isComplete === true);
    case 'joined':
      return group.every((peer) => peer !== undefined);
    case 'left':
      return group.every((peer) => peer?.isUp === false);
    default:
      return never(reached);
  }
}

const sum = (
  group: readonly (PeerObservation | undefined)[],
  count: (peer: PeerObservation) => number,
): number => group.reduce((total, peer) => total + (peer === undefined ? 0 : count(peer)), 0);
