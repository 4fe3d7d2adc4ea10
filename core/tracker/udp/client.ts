/** Asks trackers over UDP (BEP 15), many questions at a time, and listens to nobody but whom it asked. */
import type { Random } from '../../random.ts';
import { type Instant, earlier } from '../../time.ts';
import { type Endpoint, endpointKey } from '../../torrent/ids.ts';
import { never } from '../../never.ts';
import { Dialogue, type DialogueOutput, type UdpWord } from './dialogue.ts';
import type { UdpQuestion } from './request.ts';

export type UdpClientInput =
  | {
      readonly type: 'ask';
      /** The caller's name for the question, never used twice. */
      readonly id: number;
      readonly tracker: Endpoint;
      readonly question: UdpQuestion;
    }
  /** Nobody waits for the answer any more. */
  | { readonly type: 'give-up'; readonly id: number }
  | { readonly type: 'datagram'; readonly from: Endpoint; readonly bytes: Uint8Array }
  | { readonly type: 'tick' };

export type UdpClientOutput =
  | { readonly type: 'send'; readonly target: Endpoint; readonly bytes: Uint8Array }
  | { readonly type: 'answered'; readonly id: number; readonly answer: UdpWord };

/** So many trackers are remembered though nothing is wanted of them now. */
const maxIdle = 64;

type Known = { readonly tracker: Endpoint; readonly dialogue: Dialogue };

export class UdpClient {
  readonly #random: Random;
  readonly #known = new Map<string, Known>();
  /** Who was asked what. */
  readonly #questions = new Map<number, Known>();

  /** `random` is for transaction ids: whoever can guess them can answer in a tracker's place. */
  constructor(random: Random) {
    this.#random = random;
  }

  /** When `handle` next wants a `tick`, if nothing else happens first. */
  get deadline(): Instant | undefined {
    let deadline: Instant | undefined;
    for (const { dialogue } of this.#known.values())
      deadline = earlier(deadline, dialogue.deadline);
    return deadline;
  }

  /** Takes one input and returns everything it causes. Never throws on what a tracker sent. */
  handle(now: Instant, input: UdpClientInput): readonly UdpClientOutput[] {
    // prettier-ignore
    switch (input.type) {
      case 'ask':      return this.#ask(now, input);
      case 'give-up':  return this.#giveUp(input.id);
      case 'datagram': return this.#heard(now, input);
      case 'tick':     return this.#tick(now);
      default:         return never(input);
    }
  }

  #ask(
    now: Instant,
    { id, question, tracker }: Extract<UdpClientInput, { readonly type: 'ask' }>,
  ): UdpClientOutput[] {
    const known = this.#meet(now, tracker);
    this.#questions.set(id, known);
    return this.#outputs(known, known.dialogue.ask(now, id, question));
  }

  #giveUp(id: number): UdpClientOutput[] {
    this.#questions.get(id)?.dialogue.giveUp(id);
    this.#questions.delete(id);
    return [];
  }

  #heard(
    now: Instant,
    { bytes, from }: Extract<UdpClientInput, { readonly type: 'datagram' }>,
  ): UdpClientOutput[] {
    const known = this.#known.get(endpointKey(from));
    return known === undefined ? [] : this.#outputs(known, known.dialogue.heard(now, bytes));
  }

  #tick(now: Instant): UdpClientOutput[] {
    return [...this.#known.values()].flatMap((known) =>
      this.#outputs(known, known.dialogue.tick(now)),
    );
  }

  #meet(now: Instant, tracker: Endpoint): Known {
    const key = endpointKey(tracker);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= maxIdle)
      for (const [other, { dialogue }] of this.#known)
        if (dialogue.isIdle(now)) this.#known.delete(other);
    const family = tracker.ip.includes(':') ? 'peers6' : 'peers';
    const met = { tracker, dialogue: new Dialogue(this.#random, family) } as const;
    this.#known.set(key, met);
    return met;
  }

  #outputs({ tracker }: Known, outputs: readonly DialogueOutput[]): UdpClientOutput[] {
    return outputs.map((output) => {
      if (output.type === 'send') return { ...output, target: tracker };
      this.#questions.delete(output.id);
      return output;
    });
  }
}
