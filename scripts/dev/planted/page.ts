/** What `npm run planted` says of each fault, on the screen and in docs/planted.md. */
import type { Fault } from './fault.ts';
import type { Finding } from './hunt-fault.ts';

export type Row = {
  readonly fault: Fault;
  readonly finding: Finding;
  /** Without the fault what was found passes. */
  readonly isSound: boolean;
  readonly seconds: number;
};

export function rowText({ fault, finding, isSound, seconds }: Row): string {
  const { found, runs } = finding;
  const time = `${seconds.toFixed(1)} s`;
  if (found === undefined) return `NOT FOUND  ${fault.name}: ${runs} runs, ${time}`;
  const doubts = `${found.replays ? '' : ', does not replay'}${isSound ? '' : ', fails without it'}`;
  const size = `${linesOf(found.yaml)} lines`;
  return `found      ${fault.name}: run ${runs}, ${found.check}, ${size}, ${time}${doubts}`;
}

/** `of`: how many faults there are, when the run did not come to all of them. */
export function page(rows: readonly Row[], seconds: number, of: number): string {
  const found = rows.filter(({ finding }) => finding.found !== undefined);
  const lines = rows.map(({ fault, finding, seconds: each }) => {
    const { found: hit, runs } = finding;
    const cells = [
      fault.name,
      fault.story,
      `core/${fault.file}`,
      hit === undefined ? '**not found**' : hit.check,
      String(runs),
      hit === undefined ? '' : String(linesOf(hit.yaml)),
      each.toFixed(1),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `${head}
${found.length} of ${rows.length} faults were found, in ${(seconds / 60).toFixed(1)} minutes in all; there are ${of} in the list.

| fault | what goes wrong | where | found by | runs | lines | seconds |
| --- | --- | --- | --- | ---: | ---: | ---: |
${lines.join('\n')}
`;
}

const head = `# Planted faults

Does the fuzzer find what it is there to find? Each of these faults is a small patch to one file of core, kept in
\`scripts/dev/planted/\`. \`npm run planted\` plants one after the other in a scratch build, lets the generic hunt of
\`swarmproof fuzz\` loose on it, first with the focus where the fault should show, and makes what it finds small. A
finding counts only for what it is: it is played once more from its file, and once without the fault, where it has to
pass. The scenarios are in \`input/planted/\`; this page is written by \`npm run planted -- --write\`.

\`runs\` is in which run it was found, \`lines\` the length of the shrunk scenario file, \`seconds\` the time of building,
hunting and shrinking.
`;

const linesOf = (yaml: string): number => yaml.trimEnd().split('\n').length;
