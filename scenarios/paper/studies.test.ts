/** The published results, each played so small that it takes seconds: their gates as written, or weaker ones that say why. */
import { expect, it } from 'vitest';
import { playJob } from '../../scripts/dev/validate/play-job.ts';
import { judge } from '../../scripts/dev/validate/verdict.ts';
import type { Claim, Measures } from './study.ts';
import { studies } from './studies.ts';

/** Many times what the longest takes on two idle cores. */
const limitMs = 120_000;

/** `SCENARIO_SEED=7` plays other chances than usual. */
const seed = Number(process.env['SCENARIO_SEED'] ?? 1);

it.each(studies)(`$row $name holds (seed ${seed})`, { timeout: limitMs }, async (study) => {
  const runs = new Map<string, Measures>();
  for (const variant of Object.keys(study.variants(study.scales.small))) {
    const { broken, measures } = await playJob({ row: study.row, variant, size: 'small', seed });
    expect(broken).toEqual([]);
    runs.set(variant, measures);
  }
  const verdicts = judge({ ...study, claims: study.claims.map(ofSmall) }, [runs]);
  const claimed = verdicts.filter(({ gate }) => gate !== undefined);
  expect(claimed.length).toBeGreaterThan(0);
  const failed = claimed.filter(({ held }) => held !== true);
  expect(failed.map(({ says, gate, values }) => `${says}: ${values.join()}, ${gate}`)).toEqual([]);
});

function ofSmall({ inSmall, ...claim }: Claim): Claim {
  if (inSmall === undefined) return claim;
  const { atLeast: _, atMost: __, ...rest } = claim;
  const { why: ___, ...gate } = inSmall;
  return { ...rest, ...gate };
}
