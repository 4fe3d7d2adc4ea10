/** `run hostile`: the table of all kinds, and what it says to kinds there are not. */
import { expect, it } from 'vitest';
import { threatKinds } from '../../sim/hostile/catalogue.ts';
import { play } from '../testing/fake-terminal.ts';

it('says which kinds there are to whoever asks for another', async () => {
  const { exit, err } = await play(['run', 'hostile', '--set', 'kind=rude']);
  expect(exit).toBe(2);
  expect(err).toContain('no such kind: rude.');
  for (const kind of threatKinds) expect(err).toContain(kind);
});

it('has a row for every kind, and fails when what must become of one does not', async () => {
  // So little is there that no poisoner serves enough to be found out.
  const { exit, out, err } = await play(
    'run hostile --set kind=all --set content.bytes=64KiB --world virtual --fidelity elided --seed 1 --json'.split(
      ' ',
    ),
  );
  expect(exit).toBe(1);
  const document = JSON.parse(out) as { readonly rows: readonly { readonly kind: string }[] };
  expect(document).toMatchObject({ scenario: 'hostile', seed: 1, verdict: 'failed' });
  expect(document.rows.map(({ kind }) => kind)).toEqual([...threatKinds]);
  expect(document.rows.find(({ kind }) => kind === 'rare-poisoner')).toMatchObject({
    expected: 'banned',
    happened: 'banned 0 times',
    detectedMs: null,
    verdict: 'failed',
  });
  expect(err).toContain('rare-poisoner: banned intruder');
  expect(err).toContain('swarmproof run hostile --seed 1');
});
