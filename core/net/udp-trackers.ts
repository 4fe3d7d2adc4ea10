/** Asks trackers over UDP (BEP 15): the machine on real sockets, one for each family of addresses, opened when first needed. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Random } from '../random.ts';
import { type Duration, type Instant, seconds, since } from '../time.ts';
import type { Endpoint, InfoHash } from '../torrent/ids.ts';
import type { AnnounceAnswer, AnnounceRequest } from '../tracker/announce.ts';
import type { ScrapeAnswer } from '../tracker/scrape.ts';
import { UdpClient, type UdpClientInput } from '../tracker/udp/client.ts';
import type { UdpWord } from '../tracker/udp/dialogue.ts';
import type { UdpQuestion } from '../tracker/udp/request.ts';
import { TrackerRequestError } from './http-error.ts';
import { type UdpSocket, openUdp } from './udp-socket.ts';

export type UdpTrackersOptions = {
  /** The address to speak from. Undefined: the system's choice. */
  readonly ip?: string | undefined;
  /** For transaction ids: see `UdpClient`. */
  readonly random: Random;
};

export type UdpQuestionOptions = {
  readonly signal?: AbortSignal | undefined;
  /** For the whole exchange. Default 55 s, in which a datagram is sent three times, and which an announcer waits. */
  readonly timeLimit?: Duration | undefined;
};

const defaultTimeLimit = seconds(55);

/** The longest a timer is set for: a deadline further off is looked at again then. */
const maxTimerMs = 60_000;

/** The port of HTTP, as other clients take it; a tracker over UDP has no usual one. */
const defaultPort = 80;

type Settle = (word: UdpWord | undefined) => void;

export class UdpTrackers implements AsyncDisposable {
  readonly #options: UdpTrackersOptions;
  readonly #client: UdpClient;
  readonly #waiting = new Map<number, Settle>();
  readonly #sockets = new Map<4 | 6, Promise<UdpSocket>>();
  #count = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: UdpTrackersOptions) {
    this.#options = options;
    this.#client = new UdpClient(options.random);
  }

  /** Rejects with TrackerRequestError. An error of the tracker is an answer. */
  async announce(
    url: string,
    request: AnnounceRequest,
    options: UdpQuestionOptions = {},
  ): Promise<AnnounceAnswer> {
    const urlData = /^[a-z]+:\/\/[^/?#]*([^#]*)/i.exec(url)?.[1] ?? '';
    const word = await this.#ask(url, { type: 'announce', request, urlData }, options);
    if (word.type === 'error') return { failure: word.message };
    if (word.type !== 'announce') throw new TypeError(`${word.type} to an announce`);
    const { interval, leechers, peers, seeders } = word;
    return { interval, leechers, seeders, peers };
  }

  /** Like `announce`. What the tracker does not know has counts of 0. */
  async scrape(
    url: string,
    infoHashes: readonly InfoHash[],
    options: UdpQuestionOptions = {},
  ): Promise<ScrapeAnswer> {
    const word = await this.#ask(url, { type: 'scrape', infoHashes }, options);
    if (word.type === 'error') return { failure: word.message };
    if (word.type !== 'scrape') throw new TypeError(`${word.type} to a scrape`);
    const pairs = infoHashes.flatMap((infoHash, i) => {
      const entry = word.entries[i];
      return entry === undefined ? [] : [[infoHash, entry] as const];
    });
    return { files: new Map(pairs) };
  }

  /** Whoever waits is told that it was given up. May be called twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const settle of [...this.#waiting.values()]) settle(undefined);
    const opened = await Promise.allSettled(this.#sockets.values());
    this.#sockets.clear();
    for (const socket of opened) if (socket.status === 'fulfilled') await socket.value.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ask(
    url: string,
    question: UdpQuestion,
    { signal, timeLimit = defaultTimeLimit }: UdpQuestionOptions,
  ): Promise<UdpWord> {
    const tracker = await this.#resolve(url);
    await this.#socketFor(tracker, url);
    if (signal?.aborted === true || this.#isClosed) throw givenUp(url);
    const id = this.#count;
    this.#count += 1;
    const word = await new Promise<UdpWord | undefined>((resolve) => {
      const giveUp = (): void => {
        this.#handle({ type: 'give-up', id });
        settle(undefined);
      };
      const timer = setTimeout(giveUp, timeLimit);
      const settle: Settle = (said) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        this.#waiting.delete(id);
        resolve(said);
      };
      signal?.addEventListener('abort', giveUp);
      this.#waiting.set(id, settle);
      this.#handle({ type: 'ask', id, tracker, question });
    });
    if (word === undefined) throw givenUp(url);
    return word;
  }

  async #resolve(url: string): Promise<Endpoint> {
    if (!URL.canParse(url)) throw new TrackerRequestError('bad-url', 'not a URL');
    const { hostname, port } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '');
    const family = isIP(this.#options.ip ?? '');
    try {
      const { address } = await lookup(host, { family });
      return { ip: address, port: port === '' ? defaultPort : Number(port) };
    } catch (error) {
      throw new TrackerRequestError('unreachable', `${shown(url)}: no such host`, error);
    }
  }

  async #socketFor({ ip }: Endpoint, url: string): Promise<UdpSocket> {
    const family = ip.includes(':') ? 6 : 4;
    const { ip: wanted = '' } = this.#options;
    // An address of the other family cannot be spoken from.
    const own = isIP(wanted) === family ? wanted : family === 6 ? '::' : '0.0.0.0';
    const known = this.#sockets.get(family);
    const opening =
      known ??
      openUdp({
        ip: own,
        port: 0,
        onDatagram: (bytes, from) => this.#handle({ type: 'datagram', from, bytes }),
        onFault: () => undefined,
      });
    this.#sockets.set(family, opening);
    try {
      return await opening;
    } catch (error) {
      this.#sockets.delete(family);
      throw new TrackerRequestError('unreachable', `${shown(url)}: no socket for it`, error);
    }
  }

  #handle(input: UdpClientInput): void {
    if (this.#isClosed) return;
    for (const output of this.#client.handle(now(), input)) {
      if (output.type === 'send') this.#send(output.target, output.bytes);
      else {
        this.#waiting.get(output.id)?.(output.answer);
      }
    }
    this.#setTimer();
  }

  #send(target: Endpoint, bytes: Uint8Array): void {
    const opening = this.#sockets.get(target.ip.includes(':') ? 6 : 4);
    // A datagram that cannot be sent is like one that is lost.
    opening?.then(
      (socket) => this.#isClosed || socket.send(bytes, target),
      () => undefined,
    );
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const { deadline } = this.#client;
    if (deadline === undefined) return;
    const wait = Math.min(maxTimerMs, Math.max(0, Math.ceil(since(deadline, now()))));
    this.#timer = setTimeout(() => this.#handle({ type: 'tick' }), wait);
  }
}

const now = (): Instant => performance.now() as Instant;

const givenUp = (url: string): TrackerRequestError =>
  new TrackerRequestError('timed-out', `${shown(url)}: no answer`);

/** Without the path and query, which may hold a passkey. */
const shown = (url: string): string => url.replace(/^([a-z]+:\/\/[^/?#]*).*$/i, '$1');
