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
    if (path !== '/announce' || answer === undefined) return;
    const request = requestIn(query);
    if (request === undefined) return;
    this.#expire(now);
    const swarm = this.#swarms.get(request.infoHash) ?? { members: new Map(), downloaded: 0 };
    const known = swarm.members.get(request.peerId);
    const said = decodeAnnounceAnswer(answer.body);
    if ('failure' in said) {
      const isItself = known?.ip === remoteIp && known.port === request.port;
      if (isItself) this.#wrong('refused', now, `${remoteIp}: ${said.failure}`);
      return;
    }
    if (known !== undefined && known.key !== undefined && isStranger(known, request, remoteIp))
      this.#wrong('refused', now, `${remoteIp} takes the place of ${known.ip}`);
    this.#swarms.set(request.infoHash, swarm);
    update(swarm, request, { ip: remoteIp, now });
    this.#judge(now, { swarm, request, said });
  }

  #judge(now: Instant, asked: Asked): void {
    const { swarm, request, said } = asked;
    const members = [...swarm.members.values()];
    const seeders = members.filter(({ isSeeder }) => isSeeder).length;
    if (said.seeders !== seeders || said.leechers !== members.length - seeders) {
      const true_ = `${seeders} and ${members.length - seeders}`;
      this.#wrong(
        'listed',
        now,
        `${said.seeders} seeders and ${said.leechers} leechers, true is ${true_}`,
      );
    }
    if (said.downloaded !== undefined && said.downloaded !== swarm.downloaded)
      this.#wrong('downloaded', now, `${said.downloaded}, true is ${swarm.downloaded}`);
    const isSated = request.left === 0 || request.event === 'paused';
    const eligible = new Set(
      [...swarm.members]
        .filter(([id, { isSeeder }]) => id !== request.peerId && !(isSeeder && isSated))
        .map(([, { ip, port }]) => `${ip}:${port}`),
    );
    const asks = request.numwant ?? (request.event === 'stopped' ? 0 : usuallyNamed);
    const count = Math.min(asks, mostNamed, eligible.size);
    const named = new Set(said.peers.map(({ ip, port }) => `${ip}:${port}`));
    const stranger = [...named].find((place) => !eligible.has(place));
    if (stranger !== undefined) this.#wrong('named', now, `${stranger} is not there`);
    if (said.peers.length !== named.size || named.size > count)
      this.#wrong('named', now, `${said.peers.length} peers, ${count} are there`);
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
  (known.ip !== ip || known.port !== port) && known.key !== key;

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
