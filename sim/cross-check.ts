/** What no single field of a scenario can tell: whether the fields go together. */
import { after, start } from '../core/time.ts';
import type { Mistake } from './scenario-error.ts';
import type { ContentSpec, PeerGroup, Scenario } from './scenario.ts';

export function crossMistakes(scenario: Scenario): readonly Mistake[] {
  return [
    ...ofTimes(scenario),
    ...ofNames(scenario),
    ...ofRecord(scenario),
    ...ofContents(scenario.content),
    ...Object.entries(scenario.peers).flatMap(([role, group]) =>
      ofGroup(['peers', role], group, scenario),
    ),
  ];
}

function ofTimes(scenario: Scenario): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const settled = after(after(start, scenario.faultsUntil), scenario.settleWithin);
  if (scenario.lasts < settled) {
    const what = `the run lasts ${scenario.lasts} ms, but faults until ${scenario.faultsUntil} ms and ${scenario.settleWithin} ms to settle need ${settled} ms`;
    mistakes.push({ path: ['lasts'], what });
  }
  scenario.timeline.forEach((step, i) => {
    if (!('at' in step) || step.at <= scenario.faultsUntil) return;
    const what = `this is at ${step.at} ms, but faults end at ${scenario.faultsUntil} ms ('faultsUntil')`;
    mistakes.push({ path: ['timeline', i, 'at'], what });
  });
  const { interval, expireAfter } = scenario.tracker;
  if (expireAfter <= interval) {
    const what = `peers would expire (${expireAfter} ms) before they announce again (${interval} ms)`;
    mistakes.push({ path: ['tracker', 'expireAfter'], what });
  }
  return mistakes;
}

/** What can only be judged by every block that was served. */
function ofRecord({ record, expect }: Scenario): readonly Mistake[] {
  if (record === 'full') return [];
  return expect.flatMap((expected, i) =>
    ['sendsNothing', 'becomesSeeder']
      .filter((key) => key in expected)
      .map((key) => ({
        path: ['expect', i, key],
        what: `a lean record does not tell whether '${key}' holds: it needs 'record: full'`,
        about: 'key' as const,
      })),
  );
}

function ofNames({ peers }: Scenario): readonly Mistake[] {
  return Object.keys(peers)
    .filter((role) => `${role}s` in peers)
    .map((role) => ({
      path: ['peers', `${role}s`],
      what: `'${role}s' could mean every '${role}' as well as this group`,
      about: 'key',
    }));
}

function ofContents(contents: Scenario['content']): readonly Mistake[] {
  return contents.flatMap((content, i) => {
    if (!('files' in content)) return [];
    const paths = content.files.map(({ path }) => path);
    if (content.files.every(({ bytes }) => bytes === 0)) {
      return [{ path: ['content', i, 'files'], what: 'at least one file with something in it' }];
    }
    return paths
      .map((path, at): [string, number] => [path, at])
      .filter(([path, at]) => paths.indexOf(path) < at)
      .map(([path, at]) => ({
        path: ['content', i, 'files', at, 'path'],
        what: `'${path}' is there twice`,
      }));
  });
}

function ofGroup(
  path: readonly string[],
  group: PeerGroup,
  scenario: Scenario,
): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const indices = group.contents ?? scenario.content.map((_, i) => i);
  const contents = indices.map((index) => scenario.content[index]);
  indices.forEach((index, i) => {
    if (index < scenario.content.length) return;
    const what = `there is no content ${index}, the last is ${scenario.content.length - 1}`;
    mistakes.push({ path: [...path, 'contents', i], what });
  });
  if (Array.isArray(group.has) && group.has.length !== indices.length) {
    const what = `${group.has.length} entries for ${indices.length} contents`;
    mistakes.push({ path: [...path, 'has'], what });
  }
  group.wants?.forEach((wanted, i) => {
    if (contents.some((content) => pathsOf(content).includes(wanted))) return;
    mistakes.push({ path: [...path, 'wants', i], what: `no content has a file '${wanted}'` });
  });
  return mistakes;
}

const pathsOf = (content: ContentSpec | undefined): readonly string[] =>
  content !== undefined && 'files' in content ? content.files.map(({ path }) => path) : [];
