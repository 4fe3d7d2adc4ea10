import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { randomStream } from '../random.ts';
import { type Duration, type Instant, after, millis, minutes, seconds, start } from '../time.ts';
import type { AnnounceAnswer } from '../tracker/announce.ts';
import { backoff, paceOf } from './announce-pace.ts';
import { Announcer, type AnnouncerInput, type AnnouncerOutput } from './announcer.ts';
import { maxTrackers } from './tracker-tiers.ts';

const [a, b, c, d] = ['http://a/', 'http://b/', 'http://c/', 'http://d/'] as const;
const fine: AnnounceAnswer = { interval: minutes(30), minInterval: minutes(1), peers: [] };

describe('Announcer', () => {
  it('says started first, then nothing but what is left, once an interval', () => {
    const trackers = new Played([[a]]);
    expect(trackers.input({ type: 'start' })).toEqual([announceTo(a, 'started')]);
    expect(trackers.answer(a)).toEqual([]);
    expect(trackers.announcer.deadline).toBe(after(start, minutes(30)));
    expect(trackers.waitAndTick(minutes(29))).toEqual([]);
    expect(trackers.waitAndTick(minutes(1))).toEqual([announceTo(a)]);
  });

  it('says completed at once, and once', () => {
    const trackers = new Played([[a]]).started(a);
    expect(trackers.input({ type: 'complete' })).toEqual([announceTo(a, 'completed')]);
    expect(trackers.answer(a)).toEqual([]);
    expect(trackers.waitAndTick(minutes(30))).toEqual([announceTo(a)]);
  });

  it('never says completed to a tracker that first hears of it afterwards', () => {
    const trackers = new Played([[a], [b]]).started(a);
    trackers.input({ type: 'complete' });
    expect(trackers.fail(a)).toEqual([announceTo(b, 'started')]);
    expect(trackers.answer(b)).toEqual([]);
  });

  it('says completed right after started, when the end came while the tracker was asked', () => {
    const trackers = new Played([[a]]);
    trackers.input({ type: 'start' });
    trackers.input({ type: 'complete' });
    expect(trackers.answer(a)).toEqual([announceTo(a, 'completed')]);
  });

  it('says only started to a tracker that did not hear of it before the end', () => {
    const trackers = new Played([[a]]);
    trackers.input({ type: 'start' });
    trackers.input({ type: 'complete' });
    trackers.fail(a);
    expect(trackers.untilAnnounce()).toEqual([announceTo(a, 'started')]);
    expect(trackers.answer(a)).toEqual([]);
  });

  it('says completed until a tracker has heard it', () => {
    const trackers = new Played([[a]]).started(a);
    trackers.input({ type: 'complete' });
    expect(trackers.fail(a)).toEqual([]);
    expect(trackers.untilAnnounce()).toEqual([announceTo(a, 'completed')]);
  });

  it('says stopped to every tracker that knows it, and ends when all have heard', () => {
    const trackers = new Played([[a], [b]]).started(a);
    trackers.waitAndTick(minutes(30));
    trackers.fail(a);
    trackers.answer(b);
    const farewells = [a, b].map((url) => ({ ...announceTo(url, 'stopped'), wantsPeers: 0 }));
    expect(trackers.input({ type: 'stop' })).toEqual(farewells);
    expect(trackers.fail(a)).toEqual([]);
    expect(trackers.answer(b)).toEqual([{ type: 'stopped' }]);
    expect(trackers.announcer.deadline).toBeUndefined();
    expect(trackers.input({ type: 'want-peers' })).toEqual([]);
  });

  it('gives up its farewells after a while', () => {
    const trackers = new Played([[a]]).started(a);
    trackers.input({ type: 'stop' });
    expect(trackers.waitAndTick(seconds(2.9))).toEqual([]);
    expect(trackers.waitAndTick(seconds(0.1))).toEqual([{ type: 'stopped' }]);
  });

  it('lets no farewell overtake the announce under way', () => {
    const trackers = new Played([[a]]);
    trackers.input({ type: 'start' });
    expect(trackers.input({ type: 'stop' })).toEqual([]);
    const farewell = { ...announceTo(a, 'stopped'), wantsPeers: 0 };
    expect(trackers.answer(a)).toEqual([farewell]);
    expect(trackers.answer(a)).toEqual([{ type: 'stopped' }]);
    const again = new Played([[a]]).started(a);
    again.waitAndTick(minutes(30));
    expect(again.input({ type: 'stop' })).toEqual([]);
    expect(again.fail(a)).toEqual([farewell]);
  });

  it('ends at once when no tracker knows it', () => {
    expect(new Played([]).input({ type: 'stop' })).toEqual([{ type: 'stopped' }]);
    const failed = new Played([[a]]);
    failed.input({ type: 'start' });
    failed.fail(a);
    expect(failed.input({ type: 'stop' })).toEqual([{ type: 'stopped' }]);
  });

  it('tries the tiers in order, and moves who answers to the front of its tier', () => {
    const trackers = new Played([[a, b, c], [d]]);
    const first = urlIn(trackers.input({ type: 'start' }));
    const second = urlIn(trackers.fail(first));
    const third = urlIn(trackers.fail(second));
    expect([first, second, third].sort()).toEqual([a, b, c]);
    trackers.answer(third);
    expect(trackers.waitAndTick(minutes(30))).toEqual([announceTo(third)]);
    const rest = [trackers.fail(third), trackers.fail(first), trackers.fail(second)];
    expect(rest.map(urlIn)).toEqual([first, second, d]);
  });

  it('shuffles within a tier, by its own stream', () => {
    const firsts = Array.from({ length: 20 }, (_, seed) =>
      urlIn(new Played([[a, b, c]], { seed }).input({ type: 'start' })),
    );
    expect(new Set(firsts)).toEqual(new Set([a, b, c]));
  });

  it('asks no more trackers than a round has time for, and none twice', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => `http://t${n >> 1}/`);
    const trackers = new Played([many.slice(0, 60), many]);
    const asked = new Set<string>();
    let outputs = trackers.input({ type: 'start' });
    for (let [output] = outputs; output?.type === 'announce'; [output] = outputs) {
      expect(asked.has(output.url)).toBe(false);
      asked.add(output.url);
      outputs = trackers.fail(output.url);
    }
    expect(asked.size).toBe(maxTrackers);
  });

  it('may be asked for more peers before the next interval, as soon as the tracker bears', () => {
    const answer = { interval: seconds(60), minInterval: seconds(10) };
    expect(paceOf(answer, undefined)).toEqual({ interval: 60_000, least: 10_000 });
    expect(paceOf(answer, seconds(600))).toEqual({ interval: 600_000, least: 10_000 });
    expect(paceOf({}, seconds(600))).toEqual({ interval: 600_000, least: 60_000 });
    expect(paceOf(answer, seconds(2))).toEqual({ interval: 2_000, least: 2_000 });
  });

  it('waits longer after each failure, never longer than an interval, never twice the same', () => {
    const random = randomStream(1, 'retry');
    const pace = paceOf(fine, undefined);
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 99].map((n) => backoff(n, pace, random) / 1_000);
    waits.forEach((wait, i) => {
      const most = Math.min(5 * 2 ** i, 300);
      expect(wait).toBeGreaterThanOrEqual(most / 2);
      expect(wait).toBeLessThan(most);
    });
    expect(backoff(99, paceOf({ interval: seconds(30) }, undefined), random)).toBeLessThan(30_000);
    expect(backoff(99, paceOf({}, millis(200)), random)).toBeLessThan(200);
  });

  it('goes on as before once a tracker is back', () => {
    const trackers = new Played([[a]]);
    trackers.input({ type: 'start' });
    for (let round = 0; round < 5; round += 1) {
      expect(trackers.fail(a)).toEqual([]);
      expect(trackers.untilAnnounce()).toEqual([announceTo(a, 'started')]);
    }
    trackers.answer(a);
    expect(trackers.waitAndTick(minutes(30))).toEqual([announceTo(a)]);
    trackers.fail(a);
    expect(trackers.announcer.deadline).toBeLessThanOrEqual(after(trackers.now, seconds(5)));
  });

  it('asks no sooner for wanting peers, pausing or completing, while nobody answers', () => {
    const trackers = new Played([[a]]).started(a);
    trackers.waitAndTick(minutes(30));
    trackers.fail(a);
    const { deadline } = trackers.announcer;
    for (const input of [{ type: 'want-peers' }, { type: 'complete' }] as const)
      expect(trackers.input(input)).toEqual([]);
    expect(trackers.input({ type: 'paused', paused: true })).toEqual([]);
    expect(trackers.announcer.deadline).toBe(deadline);
  });

  it.each<[string, Partial<AnnounceAnswer>, Duration]>([
    ['0', { interval: seconds(0) }, seconds(5)],
    ['-1', { interval: seconds(-1) }, seconds(5)],
    ['1e18', { interval: seconds(1e18) }, minutes(120)],
    ['missing', {}, minutes(30)],
    ['45', { interval: seconds(45) }, seconds(45)],
  ])('clamps an interval of %s', (_, answer, interval) => {
    const trackers = new Played([[a]]);
    trackers.input({ type: 'start' });
    trackers.input({ type: 'answered', url: a, answer: { peers: [], ...answer } });
    expect(trackers.announcer.deadline).toBe(after(start, interval));
  });

  it('asks early for more peers, but not before the tracker allows', () => {
    const trackers = new Played([[a]]).started(a);
    expect(trackers.input({ type: 'want-peers' })).toEqual([]);
    expect(trackers.announcer.deadline).toBe(after(start, minutes(1)));
    expect(trackers.waitAndTick(minutes(1))).toEqual([announceTo(a)]);
    expect(trackers.input({ type: 'want-peers' })).toEqual([]);
    trackers.answer(a);
    expect(trackers.announcer.deadline).toBe(after(start, minutes(2)));
  });

  it('asks for more peers at once when the tracker allows it already', () => {
    const trackers = new Played([[a]]).started(a);
    trackers.waitAndTick(minutes(2));
    expect(trackers.input({ type: 'want-peers' })).toEqual([announceTo(a)]);
    expect(trackers.input({ type: 'want-peers' })).toEqual([]);
    trackers.answer(a);
    expect(trackers.announcer.deadline).toBe(after(trackers.now, minutes(1)));
  });

  it('announces as often as its bench says, whatever the tracker wants', () => {
    const trackers = new Played([[a]], { intervalOverride: millis(200) }).started(a);
    expect(trackers.waitAndTick(millis(199))).toEqual([]);
    expect(trackers.waitAndTick(millis(1))).toEqual([announceTo(a)]);
  });

  it('says paused in every announce while it is, and wants no peers', () => {
    const trackers = new Played([[a]]).started(a);
    trackers.input({ type: 'paused', paused: true });
    const paused = { ...announceTo(a, 'paused'), wantsPeers: 0 };
    expect(trackers.waitAndTick(minutes(1))).toEqual([paused]);
    trackers.answer(a);
    expect(trackers.waitAndTick(minutes(30))).toEqual([paused]);
    trackers.answer(a);
    trackers.input({ type: 'paused', paused: false });
    expect(trackers.waitAndTick(minutes(1))).toEqual([announceTo(a)]);
  });

  it('hands on peers and warnings, and gives a tracker id back to the tracker it is from', () => {
    const trackers = new Played([[a], [b]]);
    trackers.input({ type: 'start' });
    const peers = [{ ip: '127.0.0.1', port: 1 }];
    const answer = { ...fine, peers, warning: 'slow', trackerId: 'mine' };
    expect(trackers.input({ type: 'answered', url: a, answer })).toEqual([
      { type: 'warning', url: a, message: 'slow' },
      { type: 'peers', peers },
    ]);
    const again = { ...announceTo(a), trackerId: 'mine' };
    expect(trackers.waitAndTick(minutes(30))).toEqual([again]);
    trackers.answer(a);
    expect(trackers.waitAndTick(minutes(30))).toEqual([again]);
    expect(trackers.fail(a)).toEqual([announceTo(b, 'started')]);
  });

  it('leaves a tracker alone for as long as it asks', () => {
    const trackers = new Played([[a], [b]]);
    trackers.input({ type: 'start' });
    const busy = { failure: 'busy', retryIn: minutes(60) };
    expect(trackers.input({ type: 'answered', url: a, answer: busy })).toEqual([
      announceTo(b, 'started'),
    ]);
    const never = { failure: 'no tracker', retryIn: 'never' } as const;
    expect(trackers.input({ type: 'answered', url: b, answer: never })).toEqual([]);
    expect(trackers.untilAnnounce()).toEqual([announceTo(a, 'started')]);
    expect(trackers.now).toBeGreaterThanOrEqual(minutes(60));
    trackers.input({ type: 'answered', url: a, answer: never });
    expect(trackers.untilAnnounce()).toEqual([]);
    expect(trackers.announcer.deadline).toBeUndefined();
  });

  it('does not wait for ever for an answer', () => {
    const trackers = new Played([[a], [b]]);
    trackers.input({ type: 'start' });
    expect(trackers.waitAndTick(seconds(60))).toEqual([announceTo(b, 'started')]);
    expect(trackers.answer(a)).toEqual([]);
  });

  it('asks one at a time, starts with started and ends with one stopped, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), fc.nat(), (happenings, seed) => {
        const trackers = new Played([[a, b], [c]], { seed });
        const known = new Set<string>();
        let stops = 0;
        for (const happened of [{ type: 'start' } as const, ...happenings, stop, late, late]) {
          const outputs = trackers.happen(happened);
          const asked = outputs.filter((output) => output.type === 'announce');
          stops += outputs.filter(({ type }) => type === 'stopped').length;
          for (const { event, url } of asked) {
            if (event !== 'stopped') expect(asked).toHaveLength(1);
            expect(event === 'started').toBe(event !== 'stopped' && !trackers.heard.has(url));
            expect(event === 'stopped' && known.has(url)).toBe(false);
            if (event === 'stopped') known.add(url);
          }
          const { deadline } = trackers.announcer;
          if (deadline !== undefined) expect(deadline).toBeGreaterThan(trackers.now);
        }
        expect(stops).toBe(1);
      }),
    );
  });
});

type Happening =
  | AnnouncerInput
  | { readonly type: 'settle'; readonly how: 'fine' | 'failed' | 'refused' }
  | { readonly type: 'wait'; readonly time: Duration };

const stop = { type: 'stop' } as const;
const late = { type: 'wait', time: minutes(500) } as const;
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('settle' as const),
      how: fc.constantFrom('fine', 'failed', 'refused'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('wait' as const),
      time: fc.nat({ max: 4_000_000 }).map(millis),
    }),
  },
  fc.constantFrom<AnnouncerInput>(
    { type: 'complete' },
    { type: 'want-peers' },
    { type: 'tick' },
    { type: 'paused', paused: true },
    { type: 'paused', paused: false },
    { type: 'stop' },
    { type: 'answered', url: 'http://stranger/', answer: fine },
  ),
);

/** An announcer, its clock, and who it is waiting for. */
class Played {
  now: Instant = start;
  readonly announcer: Announcer;
  readonly heard = new Set<string>();
  #asked: string[] = [];

  constructor(
    tiers: readonly (readonly string[])[],
    { seed = 1, intervalOverride }: { seed?: number; intervalOverride?: Duration } = {},
  ) {
    const random = randomStream(seed, 'announcer');
    this.announcer = new Announcer(start, { tiers, random, intervalOverride });
  }

  input(input: AnnouncerInput): readonly AnnouncerOutput[] {
    const outputs = this.announcer.handle(this.now, input);
    for (const output of outputs) if (output.type === 'announce') this.#asked.push(output.url);
    return outputs;
  }

  answer(url: string): readonly AnnouncerOutput[] {
    return this.input({ type: 'answered', url, answer: fine });
  }

  fail(url: string): readonly AnnouncerOutput[] {
    return this.input({ type: 'failed', url, reason: 'nobody there' });
  }

  started(url: string): this {
    this.input({ type: 'start' });
    this.answer(url);
    return this;
  }

  waitAndTick(time: Duration): readonly AnnouncerOutput[] {
    this.now = after(this.now, time);
    return this.input({ type: 'tick' });
  }

  /** What comes at the next deadlines, until there is something. */
  untilAnnounce(): readonly AnnouncerOutput[] {
    for (;;) {
      const { deadline } = this.announcer;
      if (deadline === undefined) return [];
      const outputs = this.waitAndTick((deadline - this.now) as Duration);
      if (outputs.length > 0) return outputs;
    }
  }

  happen(happened: Happening): readonly AnnouncerOutput[] {
    if (happened.type === 'wait') return this.waitAndTick(happened.time);
    if (happened.type !== 'settle') return this.input(happened);
    const url = this.#asked.shift();
    if (url === undefined) return [];
    if (happened.how === 'failed') return this.fail(url);
    if (happened.how === 'refused')
      return this.input({ type: 'answered', url, answer: { failure: 'no' } });
    // Not one of the limits, so that an answer that is taken always moves the deadline.
    const answer = { ...fine, minInterval: seconds(70) };
    const before = this.announcer.deadline;
    const outputs = this.input({ type: 'answered', url, answer });
    if (this.announcer.deadline !== before || outputs.length > 0) this.heard.add(url);
    return outputs;
  }
}

const announceTo = (url: string, event?: string): AnnouncerOutput =>
  ({ type: 'announce', url, wantsPeers: 50, ...(event && { event }) }) as AnnouncerOutput;

const urlIn = ([output]: readonly AnnouncerOutput[]): string =>
  output?.type === 'announce' ? output.url : 'none';
