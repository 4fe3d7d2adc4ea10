import { describe, expect, it } from 'vitest';
import type { Instant } from '../core/time.ts';
import { Agenda } from './agenda.ts';
import { plan } from './plan.ts';
import type { PeerGroupInput, ScenarioInput } from './scenario.ts';
import { parseScenario } from './schema.ts';
import { calm } from './testing/records.ts';
import type { Observation, PeerObservation } from './world.ts';

const at = (ms: number): Instant => ms as Instant;

function agendaOf(change: Partial<ScenarioInput>): Agenda {
  const agenda = new Agenda(plan(parseScenario({ ...calm, ...change }), 1));
  agenda.take(at(1_000));
  return agenda;
}

const staying = (stays: PeerGroupInput['stays']): Partial<ScenarioInput> => ({
  peers: {
    ...calm.peers,
    leecher: { count: 2, has: 'nothing', ...(stays === undefined ? {} : { stays }) },
  },
});

/** Both leechers at that share of the content. */
function look(ms: number, piecesHave: number): Observation {
  const peer = { piecesHave, pieceCount: 8, isComplete: piecesHave === 8 } as PeerObservation;
  const peers = new Map([
    ['leecher-0', peer],
    ['leecher-1', peer],
  ]);
  return { at: at(ms), peers, tracker: undefined };
}

describe('an agenda', () => {
  it('makes a peer leave at the very moment it completed, with no sample between', () => {
    const agenda = agendaOf(staying('until-complete'));
    agenda.hear({ at: at(1_234), peer: 'leecher-1', type: 'completed' });
    expect(agenda.next).toBe(0);
    expect(agenda.take(at(1_234))).toEqual([
      { at: 1_234, action: { type: 'leave', peer: 'leecher-1' }, cause: 'group' },
    ]);
    agenda.hear({ at: at(1_300), peer: 'leecher-1', type: 'completed' });
    expect(agenda.take(at(9_000))).toEqual([]);
  });

  it('counts a wait from the moment itself, however late it hears of it', () => {
    const agenda = agendaOf(staying({ linger: 500 }));
    agenda.hear({ at: at(1_234), peer: 'leecher-0', type: 'completed' });
    expect(agenda.take(at(1_733))).toEqual([]);
    expect(agenda.take(at(1_734))).toMatchObject([{ at: 1_734 }]);
  });

  it('waits for a sample where a condition is about more than one peer', () => {
    const agenda = agendaOf({
      timeline: [{ when: 'leechers completed', crash: 'seeder-1' }],
    });
    agenda.hear({ at: at(1_234), peer: 'leecher-0', type: 'completed' });
    agenda.hear({ at: at(1_250), peer: 'leecher-1', type: 'completed' });
    expect(agenda.take(at(9_000))).toEqual([]);
    agenda.see(look(1_300, 8));
    expect(agenda.take(at(1_300))).toMatchObject([{ action: { type: 'crash' } }]);
  });

  it('plays everything that waits for one condition, in the order of the scenario', () => {
    const agenda = agendaOf({
      timeline: [
        { when: 'leechers at 50 %', freeze: 'seeders' },
        { when: 'leechers at 50 %', after: 10, thaw: 'seeder-0' },
        { when: 'leechers at 50 %', crash: 'seeder-1' },
      ],
    });
    agenda.see(look(1_300, 3));
    expect(agenda.isPlayed).toBe(false);
    agenda.see(look(1_400, 4));
    const played = agenda.take(at(1_410)).map(({ action }) => action);
    expect(played).toEqual([
      { type: 'freeze', peer: 'seeder-0' },
      { type: 'freeze', peer: 'seeder-1' },
      { type: 'crash', peer: 'seeder-1' },
      { type: 'thaw', peer: 'seeder-0' },
    ]);
    expect(agenda.isPlayed).toBe(true);
    expect(agenda.missed).toEqual([]);
  });

  it('gives up faults that come true too late, heard or seen, but no departures', () => {
    const agenda = agendaOf({
      ...staying('until-complete'),
      timeline: [
        { when: 'leecher-0 completed', crash: 'seeder-0' },
        { when: 'leechers at 100 %', crash: 'seeder-1' },
      ],
      faultsUntil: 2_000,
    });
    expect(agenda.missed).toHaveLength(2);
    agenda.hear({ at: at(2_001), peer: 'leecher-0', type: 'completed' });
    expect(agenda.take(at(2_001))).toMatchObject([{ action: { type: 'leave' } }]);
    expect(agenda.isPlayed).toBe(false);
    agenda.see(look(2_100, 4));
    expect(agenda.isPlayed).toBe(true);
    expect(agenda.missed.map(({ when }) => when.text)).toEqual([
      'leecher-0 completed',
      'leechers at 100 %',
    ]);
    agenda.hear({ at: at(2_200), peer: 'leecher-1', type: 'completed' });
    expect(agenda.take(at(2_200))).toMatchObject([{ action: { type: 'leave' } }]);
  });
});
