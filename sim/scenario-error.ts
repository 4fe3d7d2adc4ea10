/** What is wrong with a scenario, and where. */

/** One mistake. `line` and `column` count from 1 and are there when the scenario came from a text. */
export type Mistake = {
  /** Keys and indices from the top: `['peers', 'leecher', 'count']`. */
  readonly path: readonly (string | number)[];
  readonly what: string;
  /** The path's last key itself is wrong, or it is missing from what is above it; otherwise its value is wrong. */
  readonly about?: 'key' | 'absence';
  /** Where in the text of the value, from 0. */
  readonly offset?: number;
  readonly line?: number;
  readonly column?: number;
};

/** A scenario that cannot be played. The message has a line for each mistake: `file:line:column: what`. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly mistakes: readonly Mistake[];

  constructor(source: string, mistakes: readonly Mistake[]) {
    super(mistakes.map((mistake) => told(source, mistake)).join('\n'));
    this.mistakes = mistakes;
  }
}

function told(source: string, { path, what, line, column }: Mistake): string {
  if (line !== undefined && column !== undefined) return `${source}:${line}:${column}: ${what}`;
  return path.length === 0 ? `${source}: ${what}` : `${source}: ${path.join('.')}: ${what}`;
}
