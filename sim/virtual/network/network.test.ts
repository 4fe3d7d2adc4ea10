import { describe, expect, it } from 'vitest';
import { micros } from '../micros.ts';
import { type Heard, Line, port, words } from './testing/bench-network.ts';

describe('a call', () => {
  it('is connected after a round trip and heard half a round trip later, data following at once', () => {
    const line = new Line();
    const [here, there] = [line.host('here'), line.host('there')];
    const [near, far]: [Heard[], Heard[]] = [[], []];
    there.listen(port, (socket, caller) => {
      far.push([line.ms, 'called', caller]);
      socket.write('welcome', 5);
      return line.ear(far);
    });
    const socket = here.dial({ ip: there.ip, port }, line.ear(near));
    socket.write('hello', 5);
    line.until(1_000);
    expect(near).toEqual([
      [20, 'connected'],
      [20, 'sent', 5],
      [40.005, 'arrived', ['welcome']],
    ]);
    expect(far).toEqual([
      [30, 'called', { ip: here.ip, port: 49_152 }],
      [30, 'sent', 5],
      [30.005, 'arrived', ['hello']],
    ]);
  });

  it('counts its ports up', () => {
    const line = new Line();
    const [here, there] = [line.host('here'), line.host('there')];
    const ports: number[] = [];
    there.listen(port, (_, caller) => {
      ports.push(caller.port);
      return line.ear([]);
    });
    for (let i = 0; i < 3; i += 1) here.dial({ ip: there.ip, port }, line.ear([]));
    line.until(100);
    expect(ports).toEqual([49_152, 49_153, 49_154]);
  });

  it('to a port on which nobody listens is refused after one round trip', () => {
    const line = new Line();
    const [here, there] = [line.host('here'), line.host('there')];
    const near: Heard[] = [];
    here.dial({ ip: there.ip, port }, line.ear(near));
    line.until(60_000);
    expect(near).toEqual([[20, 'gone']]);
  });

  it('that the application does not take is reset', () => {
    const line = new Line();
    const [here, there] = [line.host('here'), line.host('there')];
    const near: Heard[] = [];
    there.listen(port, () => undefined);
    here.dial({ ip: there.ip, port }, line.ear(near));
    line.until(60_000);
    expect(near).toEqual([
      [20, 'connected'],
      [40, 'gone'],
    ]);
  });

  it('to a host behind a NAT, to one without power and to an address of nobody is given up after 21 s', () => {
    const line = new Line();
    const [here, natted, off] = [
      line.host('here'),
      line.host('natted', { isNatted: true }),
      line.host('off'),
    ];
    off.vanish();
    for (const host of [natted, off]) host.listen(port, () => line.ear([]));
    for (const ip of [natted.ip, off.ip, '10.9.9.9']) {
      const near: Heard[] = [];
      const began = line.ms;
      here.dial({ ip, port }, line.ear(near));
      line.until(began + 60_000);
      expect(near).toEqual([[began + 21_000, 'gone']]);
    }
  });

  it('from behind a NAT gets through', () => {
    const line = new Line();
    const pair = line.pair(line.host('natted', { isNatted: true }), line.host('there'));
    pair.far.write('come in', 7);
    line.until(200);
    expect(words(pair.heardNear)).toEqual([['arrived', ['come in']]]);
  });

  it('over a path that is blocked one way succeeds when it is repeated after the block has gone', () => {
    for (const isThere of [true, false]) {
      const line = new Line();
      const [here, there] = [line.host('here'), line.host('there')];
      there.listen(port, () => line.ear([]));
      if (isThere) there.blockTo(new Set([here]));
      else here.blockTo(new Set([there]));
      const near: Heard[] = [];
      here.dial({ ip: there.ip, port }, line.ear(near));
      line.at(4_000, () => [here, there].forEach((host) => host.blockTo(new Set())));
      line.until(60_000);
      expect(near).toEqual([[7_020, 'connected']]);
    }
  });

  it('that is closed before it is answered is heard by nobody', () => {
    const line = new Line();
    const [here, there] = [line.host('here'), line.host('there')];
    const heard: Heard[] = [];
    there.listen(port, () => {
      heard.push([line.ms, 'called']);
      return line.ear(heard);
    });
    const socket = here.dial({ ip: there.ip, port }, line.ear(heard));
    line.at(15, () => socket.close());
    line.until(60_000);
    expect(heard).toEqual([]);
  });
});

describe('the end of a connection', () => {
  it('reaches the other side behind everything that was written, and the closer hears nothing more', () => {
    const line = new Line();
    const pair = line.pair(line.host('here'), line.host('there'));
    for (let i = 0; i < 100; i += 1) pair.near.write(i, 10_000);
    pair.far.write('late', 4);
    pair.near.close();
    line.until(60_000);
    const values = pair.heardFar.flatMap(([, what, items]) => (what === 'arrived' ? items : []));
    expect(values).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(pair.heardFar.at(-1)?.[1]).toBe('gone');
    expect(pair.heardFar.at(-1)?.[0]).toBeGreaterThan(1_000);
    expect(pair.heardNear).toEqual([]);
  });

  it('by a reset loses what is under way', () => {
    const line = new Line();
    const pair = line.pair(line.host('here'), line.host('there'));
    const began = line.ms;
    pair.near.write('first', 100_000);
    line.at(began + 5, () => pair.near.reset());
    line.until(60_000);
    expect(pair.heardFar).toEqual([[began + 15, 'gone']]);
    expect(words(pair.heardNear)).toEqual([]);
  });

  it('comes to all whom a crashed application was connected with, and calls are refused then', () => {
    const line = new Line();
    const [here, there, other] = [line.host('here'), line.host('there'), line.host('other')];
    const pairs = [line.pair(here, there), line.pair(other, there)];
    line.at(500, () => there.crash());
    line.at(600, () => here.dial({ ip: there.ip, port }, line.ear(pairs[0]?.heardNear ?? [])));
    line.until(60_000);
    expect(pairs.map(({ heardNear }) => heardNear)).toEqual([
      [
        [510, 'gone'],
        [620, 'gone'],
      ],
      [[510, 'gone']],
    ]);
    expect(pairs.flatMap(({ heardFar }) => heardFar)).toEqual([]);
  });

  it('is not heard of when the power is cut; whoever writes after it is back is reset', () => {
    const line = new Line();
    const [here, there] = [line.host('here'), line.host('there')];
    const pair = line.pair(here, there);
    line.at(500, () => there.vanish());
    line.at(1_000, () => pair.near.write('anybody there?', 14));
    line.at(30_000, () => pair.near.write('hello?', 6));
    line.until(60_000);
    expect(words(pair.heardNear)).toEqual([['sent', 14]]);
    expect(pair.heardFar).toEqual([]);
    there.appear();
    line.until(120_000);
    expect(words(pair.heardNear)).toEqual([['sent', 14], 'gone']);
  });

  it('never comes when a host has moved to another address, where it can be called', () => {
    const line = new Line();
    const [here, there] = [line.host('here'), line.host('there')];
    const pair = line.pair(here, there);
    const old = there.ip;
    line.at(500, () => there.moveTo('10.1.2.3'));
    line.at(600, () => {
      pair.near.write('to', 2);
      pair.far.write('fro', 3);
    });
    line.at(700, () => pair.far.close());
    line.until(600_000);
    expect(words(pair.heardNear)).toEqual([['sent', 2]]);
    expect(words(pair.heardFar)).toEqual([]);
    expect([old, there.ip]).not.toContain(here.ip);
    const again = line.pair(here, there);
    again.near.write('found', 5);
    line.until(line.ms + 100);
    expect(words(again.heardFar)).toEqual([['arrived', ['found']]]);
  });
});

describe('a path that is blocked', () => {
  it('delivers everything in order after it has healed, within the longest timeout', () => {
    const line = new Line();
    const [here, there] = [line.host('here'), line.host('there')];
    const pair = line.pair(here, there);
    here.blockTo(new Set([there]));
    pair.near.write('one', 3);
    line.at(10_000, () => pair.near.write('two', 50_000));
    line.at(60_000, () => here.blockTo(new Set()));
    line.until(59_999);
    expect(pair.heardFar).toEqual([]);
    line.until(100_000);
    expect(pair.heardFar.flatMap(([, , items]) => items)).toEqual(['one', 'two']);
    expect(pair.heardFar[0]?.[0]).toBeLessThan(68_100);
  });

  it('in one direction lets the other through until no more may go unacknowledged', () => {
    const line = new Line();
    const [here, there] = [line.host('here'), line.host('there')];
    const pair = line.pair(here, there);
    here.blockTo(new Set([there]));
    for (let i = 0; i < 20; i += 1) pair.far.write(i, 1_448);
    line.until(5_000);
    const arrived = (): unknown[] => pair.heardNear.flatMap(([, , items]) => items);
    expect(arrived()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    here.blockTo(new Set());
    line.until(20_000);
    expect(arrived()).toHaveLength(20);
  });

  it('holds back the news of an end until it has healed', () => {
    for (const end of ['close', 'reset'] as const) {
      const line = new Line();
      const [here, there] = [line.host('here'), line.host('there')];
      const pair = line.pair(here, there);
      here.blockTo(new Set([there]));
      pair.near[end]();
      line.until(30_000);
      expect(pair.heardFar).toEqual([]);
      here.blockTo(new Set());
      line.until(40_000);
      expect(words(pair.heardFar)).toEqual(['gone']);
    }
  });
});

describe('a frozen application', () => {
  it('hears everything in order when it is thawed, and what it wrote before goes on its way', () => {
    const line = new Line();
    const [here, there] = [line.host('here'), line.host('there')];
    const pair = line.pair(here, there);
    pair.far.write('on its way', 10);
    there.freeze();
    pair.near.write('first', 100);
    line.at(500, () => pair.near.write('second', 100));
    line.at(600, () => pair.near.close());
    line.until(1_000);
    expect(words(pair.heardNear)).toEqual([
      ['sent', 100],
      ['arrived', ['on its way']],
      ['sent', 100],
    ]);
    expect(pair.heardFar).toEqual([]);
    there.thaw();
    line.until(1_001);
    expect(pair.heardFar.map(([at]) => at)).toEqual([1_000, 1_000, 1_000, 1_000]);
    expect(words(pair.heardFar)).toEqual([
      ['sent', 10],
      ['arrived', ['first']],
      ['arrived', ['second']],
      'gone',
    ]);
  });

  it('stops those who send to it, and they go on when it is thawed', () => {
    const line = new Line();
    const [here, there] = [line.host('here'), line.host('there')];
    const pair = line.pair(here, there);
    there.freeze();
    for (let i = 0; i < 100; i += 1) pair.near.write(i, 16_384);
    line.until(10_000);
    expect(here.traffic.bytesSent).toBeLessThan(200_000);
    there.thaw();
    line.until(20_000);
    expect(here.traffic.bytesSent).toBe(1_638_400);
    expect(pair.heardFar.flatMap(([, , items]) => items)).toHaveLength(100);
  });

  it('is connected to all the same, and asked later whether it takes the call', () => {
    const line = new Line();
    const [here, there] = [line.host('here'), line.host('there')];
    const [near, far]: [Heard[], Heard[]] = [[], []];
    there.listen(port, () => {
      far.push([line.ms, 'called']);
      return line.ear(far);
    });
    there.freeze();
    here.dial({ ip: there.ip, port }, line.ear(near)).write('hello', 5);
    line.at(1_000, () => there.thaw());
    line.until(2_000);
    expect(near[0]).toEqual([20, 'connected']);
    expect(far).toEqual([
      [1_000, 'called'],
      [1_000, 'arrived', ['hello']],
    ]);
  });

  it('knows nothing of a call that waited for it when it has moved before it is thawed', () => {
    const line = new Line();
    const [here, there] = [line.host('here'), line.host('there')];
    const far: Heard[] = [];
    there.listen(port, () => line.ear(far));
    there.freeze();
    here.dial({ ip: there.ip, port }, line.ear([]));
    line.at(500, () => there.moveTo('10.1.2.3'));
    line.at(1_000, () => there.thaw());
    line.until(2_000);
    expect(far).toEqual([]);
    expect(there.openSockets).toBe(0);
  });
});

describe('small packets', () => {
  it('that are written in one instant arrive as one', () => {
    const line = new Line();
    const pair = line.pair(line.host('here'), line.host('there'));
    for (let i = 0; i < 30; i += 1) pair.near.write(i, 17);
    line.until(1_000);
    expect(words(pair.heardNear)).toEqual([['sent', 510]]);
    expect(words(pair.heardFar)).toEqual([['arrived', Array.from({ length: 30 }, (_, i) => i)]]);
  });

  it('do not wait behind the segment of another stream, which pays for them', () => {
    const line = new Line();
    const slow = line.host('slow', { upBytesPerSec: 16_000 });
    const [bulk, small] = [line.pair(slow, line.host('a')), line.pair(slow, line.host('b'))];
    const began = line.ms;
    bulk.near.write('block', 160_000);
    line.at(began + 100, () => small.near.write('have', 9));
    line.until(began + 20_000);
    const packetMs = 1_448 / 16;
    expect(small.heardFar[0]?.[0]).toBeCloseTo(began + 100 + packetMs + 9 / 16 + 10, 0);
    const done = bulk.heardFar.at(-1);
    expect(done?.[2]).toEqual(['block']);
    expect(done?.[0]).toBeCloseTo(began + (160_000 + 9) / 16 + 10, 0);
  });

  it('do not wait for the blocks that queue at a slow receiver', () => {
    const line = new Line();
    const slow = line.host('slow', { downBytesPerSec: 16_000 });
    const bulk = ['a', 'b', 'c'].map((name) => line.pair(line.host(name), slow));
    const small = line.pair(line.host('d'), slow);
    const began = line.ms;
    for (const { near } of bulk) near.write('block', 160_000);
    line.at(began + 5_000, () => small.near.write('have', 9));
    line.until(began + 60_000);
    const packetMs = 1_448 / 16;
    const took = (small.heardFar[0]?.[0] ?? Infinity) - began - 5_000;
    expect(took).toBeGreaterThan(10);
    expect(took).toBeLessThan(12 + packetMs);
    const ends = bulk.map(({ heardFar }) => heardFar.at(-1)?.[0] ?? 0);
    expect(Math.max(...ends)).toBeCloseTo(began + (480_000 + 9) / 16 + 10, -1);
  });

  it('do not wait at a fast receiver for one that is still to come from a slow sender', () => {
    const line = new Line();
    const fast = line.host('fast', { downBytesPerSec: 200_000 });
    const senders = ['a', 'b', 'c'].map((name) => line.host(name, { upBytesPerSec: 8_000 }));
    const bulk = senders.map((sender, i) => line.pair(sender, line.host(`other ${i}`)));
    const small = senders.map((sender) => line.pair(sender, fast));
    const began = line.ms;
    for (const { near } of bulk) near.write('block', 160_000);
    small.forEach(({ near }, i) => line.at(began + 1_000 + i, () => near.write('request', 17)));
    line.until(began + 60_000);
    const packetMs = 1_448 / 8;
    for (const { heardFar } of small)
      expect((heardFar[0]?.[0] ?? Infinity) - began - 1_000).toBeLessThan(20 + packetMs);
  });

  it('do wait when they are many, so that no link is faster than it is', () => {
    const line = new Line();
    const slow = line.host('slow', { upBytesPerSec: 10_000 });
    const pairs = Array.from({ length: 100 }, (_, i) => line.pair(slow, line.host(`peer ${i}`)));
    const began = line.ms;
    for (const { near } of pairs) near.write('note', 1_000);
    line.until(began + 60_000);
    const arrivals = pairs.map(({ heardFar }) => heardFar[0]?.[0] ?? Infinity);
    expect(Math.max(...arrivals)).toBeCloseTo(began + 10_010, -2);
  });
});

describe('addresses', () => {
  it('belong to one host each', () => {
    const line = new Line();
    const [here, there] = [line.host('here'), line.host('there')];
    expect(() => here.moveTo(there.ip)).toThrow(RangeError);
    expect(() => line.host('here')).toThrow(RangeError);
    expect(() => line.host('broken', { upBytesPerSec: Infinity })).toThrow(RangeError);
  });
});

describe('jitter', () => {
  it('keeps the order of a stream, and spreads what is not of one', () => {
    const line = new Line();
    const pair = line.pair(line.host('here', { jitter: micros(50_000) }), line.host('there'));
    const began = line.ms;
    for (let i = 0; i < 50; i += 1) line.at(began + i, () => pair.near.write(i, 20));
    line.until(began + 1_000);
    const order = pair.heardFar.flatMap(([, , items]) => items);
    expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i));
    const delays = pair.heardFar.map(([at], i) => at - began - i);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...delays)).toBeGreaterThan(40);
    expect(Math.max(...delays)).toBeLessThan(62);
  });
});
