import { describe, expect, it } from 'vitest';
import { PieceIndex } from '../core/torrent/ids.ts';
import { integrity } from './checks/integrity.ts';
import { Evidence } from './evidence.ts';
import { run } from './run.ts';
import { parseScenario } from './schema.ts';
import { FakeWorld, factsOf } from './testing/fake-world.ts';
import { broken, calm, recordOf, unstopped } from './testing/records.ts';
import type { RecordedEvent } from './world.ts';

const full = await recordOf({ ...calm, timeline: [{ at: 200, crash: 'seeder-1' }] });
const lean = await recordOf({
  ...calm,
  timeline: [{ at: 200, crash: 'seeder-1' }],
  record: 'lean',
  sampleEvery: 100,
});

describe('a lean record', () => {
  it('keeps no event of which there are thousands, and all the others', () => {
    const isKept = ({ type }: RecordedEvent): boolean =>
      type !== 'served' && type !== 'have-announced';
    expect(lean.events).toEqual(full.events.filter(isKept));
    expect(lean.events.length).toBeLessThan(full.events.length);
  });

  it('says the same of everything else', () => {
    expect(lean.transfers).toEqual(full.transfers);
    expect(lean.actions).toEqual(full.actions);
    expect(lean.files).toEqual(full.files);
    expect(lean.end.at).toBe(full.end.at);
    expect(broken(lean)).toEqual([]);
    expect(lean.checks).toEqual(full.checks);
  });

  it('knows of each claim whether it was true when it was made', async () => {
    const scenario = parseScenario({ ...calm, record: 'lean' });
    const record = await run(scenario, new LyingWorld(), { seed: 1, signal: unstopped });
    expect(record.end.claims?.checked).toBe((lean.end.claims?.checked ?? 0) + 1);
    expect(broken(record)).toMatchObject([
      {
        name: 'integrity',
        detail: expect.stringContaining('leecher-1 announced piece 7') as string,
      },
    ]);
    const { claims: _, ...end } = record.end;
    expect(integrity(new Evidence({ ...record, end })).held).toBe(true);
  });
});

/** One of its leechers announces a piece that it has yet to get. */
class LyingWorld extends FakeWorld {
  #hasLied = false;

  override drain(): readonly RecordedEvent[] {
    const events = super.drain();
    if (this.#hasLied || this.now < 150) return events;
    this.#hasLied = true;
    const { infoHash } = factsOf(0);
    const lie = { type: 'have-announced', piece: PieceIndex(7) } as const;
    return [...events, { at: this.now, peer: 'leecher-1', infoHash, ...lie }];
  }
}
