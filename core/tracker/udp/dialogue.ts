/**
 * Questions to one tracker over UDP (BEP 15): a connection first, which serves a minute, and patience.
 *
 *   ask ──▶ waiting ──connected──▶ sent ──answered, or given up──▶ gone
 *              ▲                    │ ▲
 *              └──id is too old─────┤ │ no answer in 15 * 2^n s
 *                                   └─┘
 */
import { type Random, randomBelow } from '../../random.ts';
import { type Duration, type Instant, after, earlier, minutes, seconds } from '../../time.ts';
import type { IpFamily } from '../compact.ts';
import { TrackerError } from '../error.ts';
import { type UdpAnswer, decodeUdpAnswer } from './answer.ts';
import type { UdpConnectionId } from './numbers.ts';
import { type UdpQuestion, encodeUdpRequest } from './request.ts';

/** What is said to a question: by the type of the question, or an error. */
export type UdpWord = Exclude<UdpAnswer, { readonly type: 'connect' }>;

export type DialogueOutput =
  | { readonly type: 'send'; readonly bytes: Uint8Array }
  | { readonly type: 'answered'; readonly id: number; readonly answer: UdpWord };

/** "A client can use a connection ID until one minute after it has received it." */
const connectionLife = minutes(1);
const firstWait = seconds(15);
/** "n starts at 0 and is increased up to 8": 64 minutes. */
const maxDoublings = 8;
const words32 = 2 ** 32;

type Asked = {
  readonly id: number;
  readonly question: UdpQuestion;
  readonly transactionId: number;
  /** It is out, on the connection that we have. */
  isSent: boolean;
  /** When it is overdue; undefined: it waits for the connection. */
  dueAt: Instant | undefined;
};

type Connecting = { readonly transactionId: number; dueAt: Instant };

export class Dialogue {
  readonly #random: Random;
  readonly #family: IpFamily;
  readonly #asked = new Map<number, Asked>();
  #connection: { readonly id: UdpConnectionId; readonly until: Instant } | undefined;
  #connecting: Connecting | undefined;
  /** How often we waited in vain since the tracker was last heard; at most `maxDoublings`. */
  #silences = 0;
  /** Until then a tracker that is silent is left alone, whoever has a new question. */
  #quietUntil: Instant = -Infinity as Instant;
  #outputs: DialogueOutput[] = [];

  constructor(random: Random, family: IpFamily) {
    this.#random = random;
    this.#family = family;
  }

  /** When `tick` is next wanted. */
  get deadline(): Instant | undefined {
    let deadline = this.#asked.size > 0 ? this.#connecting?.dueAt : undefined;
    for (const { dueAt } of this.#asked.values()) deadline = earlier(deadline, dueAt);
    return deadline;
  }

  /** Nothing would be lost if it were forgotten. */
  isIdle(now: Instant): boolean {
    return this.#asked.size === 0 && this.#quietUntil <= now && !this.#isConnected(now);
  }

  ask(now: Instant, id: number, question: UdpQuestion): readonly DialogueOutput[] {
    const transactionId = this.#draw();
    const asked: Asked = { id, question, transactionId, isSent: false, dueAt: undefined };
    this.#asked.set(id, asked);
    if (this.#silences > 0 && now < this.#quietUntil) asked.dueAt = this.#quietUntil;
    else this.#transmit(now, asked);
    return this.#take();
  }

  giveUp(id: number): void {
    this.#asked.delete(id);
  }

  /** What has come from the tracker's address. What answers no question of ours is left alone. */
  heard(now: Instant, datagram: Uint8Array): readonly DialogueOutput[] {
    const answer = readable(datagram, this.#family);
    if (answer === undefined) return [];
    const isOurs =
      answer.transactionId === this.#connecting?.transactionId
        ? this.#connected(now, answer)
        : this.#answered(answer);
    if (isOurs) this.#goOn(now);
    return this.#take();
  }

  tick(now: Instant): readonly DialogueOutput[] {
    const connecting = this.#connecting;
    const isConnectDue = connecting !== undefined && connecting.dueAt <= now;
    const overdue = [...this.#asked.values()].filter(
      ({ dueAt }) => dueAt !== undefined && dueAt <= now,
    );
    const isWanted = [...this.#asked.values()].some(({ isSent }) => !isSent);
    if (overdue.length > 0 || (isConnectDue && isWanted))
      this.#silences = Math.min(this.#silences + 1, maxDoublings);
    if (isConnectDue && isWanted) this.#sendConnect(now, connecting);
    else if (isConnectDue) this.#connecting = undefined;
    for (const asked of overdue) this.#transmit(now, asked);
    return this.#take();
  }

  #take(): readonly DialogueOutput[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  #isConnected(now: Instant): boolean {
    return this.#connection !== undefined && now < this.#connection.until;
  }

  #transmit(now: Instant, asked: Asked): void {
    const { question, transactionId } = asked;
    asked.isSent = this.#connection !== undefined && this.#isConnected(now);
    if (this.#connection === undefined || !asked.isSent) {
      asked.dueAt = undefined;
      return this.#connect(now);
    }
    const { id: connectionId } = this.#connection;
    const bytes = encodeUdpRequest({ transactionId, connectionId, ...question });
    asked.dueAt = this.#send(now, bytes);
  }

  #connect(now: Instant): void {
    if (this.#connecting !== undefined) return;
    this.#connecting = { transactionId: this.#draw(), dueAt: now };
    this.#sendConnect(now, this.#connecting);
  }

  #sendConnect(now: Instant, connecting: Connecting): void {
    const { transactionId } = connecting;
    connecting.dueAt = this.#send(now, encodeUdpRequest({ type: 'connect', transactionId }));
  }

  /** Says until when there should be an answer. */
  #send(now: Instant, bytes: Uint8Array): Instant {
    this.#outputs.push({ type: 'send', bytes });
    this.#quietUntil = after(now, (firstWait * 2 ** this.#silences) as Duration);
    return this.#quietUntil;
  }

  #connected(now: Instant, answer: UdpAnswer): boolean {
    if (answer.type !== 'connect' && answer.type !== 'error') return false;
    this.#connecting = undefined;
    if (answer.type === 'connect') {
      this.#connection = { id: answer.connectionId, until: after(now, connectionLife) };
      return true;
    }
    for (const asked of this.#asked.values()) if (!asked.isSent) this.#settle(asked, answer);
    return true;
  }

  #answered(answer: UdpAnswer): boolean {
    for (const asked of this.#asked.values()) {
      const { isSent, question, transactionId } = asked;
      if (!isSent || transactionId !== answer.transactionId) continue;
      if (answer.type === 'connect') return false;
      if (answer.type !== question.type && answer.type !== 'error') return false;
      this.#settle(asked, answer);
      return true;
    }
    return false;
  }

  #settle({ id }: Asked, answer: UdpWord): void {
    this.#asked.delete(id);
    this.#outputs.push({ type: 'answered', id, answer });
  }

  /** The tracker is there: whoever waits for it need wait no longer. */
  #goOn(now: Instant): void {
    this.#silences = 0;
    this.#quietUntil = -Infinity as Instant;
    for (const asked of this.#asked.values()) if (!asked.isSent) this.#transmit(now, asked);
  }

  #draw(): number {
    return randomBelow(this.#random, words32);
  }
}

function readable(datagram: Uint8Array, family: IpFamily): UdpAnswer | undefined {
  try {
    return decodeUdpAnswer(datagram, family);
  } catch (error) {
    if (error instanceof TrackerError) return undefined;
    throw error;
  }
}
