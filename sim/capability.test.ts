import { describe, expect, it } from 'vitest';
import { type Capability, everyCapability, needsOf, refusal } from './capability.ts';
import { plan } from './plan.ts';
import type { ScenarioInput } from './scenario.ts';
import { parseScenario } from './schema.ts';
import { calm } from './testing/records.ts';

const needs = (change: Partial<ScenarioInput>): readonly Capability[] =>
  needsOf(plan(parseScenario({ ...calm, ...change }), 1));

const withLeecher = (group: object): Partial<ScenarioInput> => ({
  peers: { ...calm.peers, leecher: { count: 2, has: 'nothing', ...group } },
});

describe('what a plan needs', () => {
  it('is what is done, each action once, also when it waits for a condition', () => {
    expect(needs({})).toEqual(['join']);
    const timeline: ScenarioInput['timeline'] = [
      { when: 'leechers at 50 %', crash: 'seeder-1' },
      { at: 100, cut: ['seeder', 'leecher'] },
      { at: 200, crash: 'leecher-0' },
    ];
    expect(needs({ timeline })).toEqual(['join', 'crash', 'cut']);
  });

  it.each<[Capability, Partial<ScenarioInput>]>([
    ['one-way-cut', { timeline: [{ at: 1, cut: ['seeder', 'leecher'], oneWay: true }] }],
    ['link-delay', withLeecher({ link: { delay: 5 } })],
    ['jitter', withLeecher({ link: { jitter: 5 } })],
    ['loss', withLeecher({ link: { loss: 0.1 } })],
    ['nat', withLeecher({ nat: true })],
    ['clock', withLeecher({ clock: { drift: 100 } })],
    ['slow-disk', withLeecher({ disk: { seek: 9 } })],
    ['tracker-delay', { tracker: { delay: 80 } }],
    ['tracker-loss', { tracker: { loss: 0.5 } }],
  ])('names %s where the surroundings need it, and only there', (capability, change) => {
    expect(needs(change)).toContain(capability);
    expect(needs({})).not.toContain(capability);
    expect(everyCapability.has(capability)).toBe(true);
  });

  it('is told in words, with the world that could, when there is one', () => {
    expect(refusal('loopback', ['move', 'jitter', 'loss'])).toBe(
      'the loopback world cannot move a peer to another address, delay packets unequally (jitter) or lose packets: try --world virtual',
    );
    expect(refusal('virtual', ['nat'])).toBe('the virtual world cannot put peers behind a NAT');
  });
});
