/** The tracker's answers against a naive tracker's: who is there, who may be named, how often somebody completed (BEP 3). */
import {
  type AnnounceRequest,
  type AnnounceSuccess,
  decodeAnnounceQuery,
} from '../../core/tracker/announce.ts';
import { decodeAnnounceAnswer } from '../../core/tracker/announce-answer.ts';
import type { HttpAnswer } from '../../core/tracker/http.ts';
import type { Duration, Instant } from '../../core/time.ts';
import type { Question } from '../witness.ts';
import type { rules } from './rules.ts';

type Member = {
  readonly ip: string;
  readonly port: number;
  readonly key: string | undefined;
  readonly isSeeder: boolean;
  readonly hasCompleted: boolean;
  readonly heardAt: Instant;
};

/** Peers in an answer at most, and when nobody says how many. */
const mostNamed = 200;
const usuallyNamed = 50;

type Swarm = { readonly members: Map<string, Member>; downloaded: number };

export class TrackerWatch {
  readonly #expireAfter: Duration;
  readonly #complain: (rule: keyof typeof rules, detail: string) => void;
  readonly #swarms = new Map<string, Swarm>();

  constructor(expireAfter: Duration, complain: (rule: keyof typeof rules, detail: string) => void) {
    this.#expireAfter = expireAfter;
    this.#complain = complain;
  }

  forgot(): void {
    this.#swarms.clear();
  }

  asked(now: Instant, { target, remoteIp }: Question, answer: HttpAnswer | undefined): void {
    const [path, query = ''] = target.split('?');
    const request = path === '/announce' ? requestIn(query) : undefined;
    if (request === undefined || answer === undefined) return;
    this.#expire(now);
    const swarm = this.#swarms.get(request.infoHash) ?? { members: new Map(), downloaded: 0 };
    const known = swarm.members.get(request.peerId);
    const said = decodeAnnounceAnswer(answer.body);
    if ('failure' in said) {
      const isItself = known?.ip === remoteIp && known.port === request.port;
      if (isItself) this.#wrong('refused', now, `${remoteIp}: ${said.failure}`);
      return;
    }
    if (known !== undefined && isStranger(known, request, remoteIp))
      this.#wrong('refused', now, `${remoteIp} takes the place of ${known.ip}`);
    this.#swarms.set(request.infoHash, swarm);
    update(swarm, request, { ip: remoteIp, now });
    this.#counts(now, swarm, said);
    this.#names(now, { swarm, request, said });
  }

  #counts(now: Instant, { members, downloaded }: Swarm, said: AnnounceSuccess): void {
    const seeders = [...members.values()].filter(({ isSeeder }) => isSeeder).length;
    const leechers = members.size - seeders;
    if (said.seeders !== seeders || said.leechers !== leechers) {
      const told = `${said.seeders} seeders and ${said.leechers} leechers`;
      this.#wrong('listed', now, `${told}, true is ${seeders} and ${leechers}`);
    }
    if (said.downloaded !== undefined && said.downloaded !== downloaded)
      this.#wrong('downloaded', now, `${said.downloaded}, true is ${downloaded}`);
  }

  #names(now: Instant, { swarm, request, said }: Asked): void {
    const isSated = request.left === 0 || request.event === 'paused';
    const eligible = [...swarm.members]
      .filter(([id, { isSeeder }]) => id !== request.peerId && !(isSeeder && isSated))
      .map(([, { ip, port }]) => `${ip}:${port}`);
    const asks = request.numwant ?? (request.event === 'stopped' ? 0 : usuallyNamed);
    const count = Math.min(asks, mostNamed, eligible.length);
    if (said.peers.length !== count)
      this.#wrong('named', now, `${said.peers.length} peers, ${count} are there`);
    // Several who share an address and a port may each be named.
    for (const { ip, port } of said.peers) {
      const at = eligible.indexOf(`${ip}:${port}`);
      if (at < 0) this.#wrong('named', now, `${ip}:${port} is not there, or named twice`);
      else eligible.splice(at, 1);
    }
  }

  #expire(now: Instant): void {
    for (const { members } of this.#swarms.values())
      for (const [id, { heardAt }] of members)
        if (now - heardAt >= this.#expireAfter) members.delete(id);
  }

  #wrong(rule: keyof typeof rules, now: Instant, what: string): void {
    this.#complain(rule, `at ${now} ms: ${what}`);
  }
}

type Asked = {
  readonly swarm: Swarm;
  readonly request: AnnounceRequest;
  readonly said: AnnounceSuccess;
};

const isStranger = (known: Member, { port, key }: AnnounceRequest, ip: string): boolean =>
  known.key !== undefined && (known.ip !== ip || known.port !== port) && known.key !== key;

function update(
  swarm: Swarm,
  { peerId, port, event, left, key }: AnnounceRequest,
  { ip, now }: { readonly ip: string; readonly now: Instant },
): void {
  const known = swarm.members.get(peerId);
  if (event === 'stopped') return void swarm.members.delete(peerId);
  const isSeeder = left === 0;
  const wasLeecher = known !== undefined && !known.isSeeder;
  const completes = event === 'completed' && isSeeder && wasLeecher && !known.hasCompleted;
  if (completes) swarm.downloaded += 1;
  swarm.members.set(peerId, {
    ...{ ip, port, isSeeder, heardAt: now },
    key: known?.key ?? key,
    hasCompleted: completes || known?.hasCompleted === true,
  });
}

/** Undefined when it is none. */
function requestIn(query: string): AnnounceRequest | undefined {
  try {
    return decodeAnnounceQuery(query);
  } catch {
    return undefined;
  }
}
