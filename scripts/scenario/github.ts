/** On GitHub's build machines: a broken check becomes an annotation, the run a line of the job's summary. */
import { appendFile } from 'node:fs/promises';
import type { RunResult } from '../../reports/result.ts';
import type { Terminal } from '../command-line/terminal.ts';

/** Does nothing elsewhere. */
export async function annotateForGitHub(
  { env, stderr }: Terminal,
  result: RunResult,
): Promise<void> {
  const { GITHUB_ACTIONS: isOn, GITHUB_STEP_SUMMARY: summary } = env;
  if (isOn !== 'true') return;
  const broken = result.checks.filter((check) => !check.held);
  for (const { name, detail } of broken)
    stderr.write(`::error title=${escaped(`${result.scenario}: ${name}`)}::${escaped(detail)}\n`);
  const row = `- **${result.verdict}** \`${result.scenario}\`, repeat with \`${result.replay}\`\n`;
  if (summary !== undefined && summary !== '') await appendFile(summary, row);
}

/** GitHub's own escapes for its command lines. */
const escaped = (text: string): string =>
  text
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
    .replaceAll(':', '%3A')
    .replaceAll(',', '%2C');
