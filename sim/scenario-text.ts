/** Scenarios as YAML or JSON texts (JSON is YAML), with the place of each mistake. */
import { LineCounter, type ParsedNode, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { withOverrides } from './overrides.ts';
import { type Mistake, ScenarioError } from './scenario-error.ts';
import type { Scenario } from './scenario.ts';
import { parseScenario } from './schema.ts';

/** A scenario of more than this is not a scenario; reading it would only take time and memory. */
export const maxTextChars: number = 4 * 2 ** 20;

/**
 * Reads a scenario, with `--set` settings applied before it is checked. Throws ScenarioError: each mistake as
 * `file:line:column: what`, or with its path alone when a setting brought it in.
 */
export function parseScenarioText(
  text: string,
  fileName: string,
  settings: readonly string[] = [],
): Scenario {
  if (text.length > maxTextChars) {
    const what = `at most ${maxTextChars} characters, this has ${text.length}`;
    throw new ScenarioError(fileName, [{ path: [], what }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (mistake: Mistake, offset: number): Mistake => {
    const { line, col } = lines.linePos(offset);
    return { ...mistake, line, column: col };
  };
  if (document.errors.length > 0) {
    const syntax = document.errors.map((error) =>
      place({ path: [], what: error.message }, error.pos[0]),
    );
    throw new ScenarioError(fileName, syntax);
  }
  try {
    // An alias may stand for many nodes; a hundred of them is plenty for people and nothing for a bomb.
    const input: unknown = document.toJS({ maxAliasCount: 100 });
    return parseScenario(withOverrides(input, settings), fileName);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw asMistake(error, fileName);
    const root = document.contents;
    throw new ScenarioError(
      fileName,
      error.mistakes.map((mistake) => {
        const offset = root === null ? 0 : offsetOf(root, mistake);
        return offset === undefined ? mistake : place(mistake, offset);
      }),
    );
  }
}

/** The yaml library throws its own errors for aliases that do not resolve or are too many. */
function asMistake(error: unknown, fileName: string): unknown {
  return error instanceof ReferenceError
    ? new ScenarioError(fileName, [{ path: [], what: error.message }])
    : error;
}

/** At the key when that is wrong, at the value when that is, at what should contain it when it is missing. */
function offsetOf(root: ParsedNode, { path, about, offset = 0 }: Mistake): number | undefined {
  const parent = path
    .slice(0, -1)
    .reduce<Found>((found, key) => below(found.value, key), { value: root });
  const found = path.length === 0 ? parent : below(parent.value, path.at(-1) ?? '');
  if (about === 'absence') return placeOf(parent);
  if (about === 'key') return found.key?.range[0];
  const place = placeOf(found);
  return place === undefined ? undefined : place + inText(found.value, offset);
}

/** What a key leads to; both are undefined where the text has nothing of the kind. */
type Found = { readonly key?: ParsedNode; readonly value?: ParsedNode | null };

/** A key may stand alone, and then its place has to do. */
const placeOf = ({ key, value }: Found): number | undefined => (value ?? key)?.range[0];

function below(node: ParsedNode | null | undefined, key: string | number): Found {
  if (isMap(node)) {
    const pair = node.items.find(
      (item) => isScalar(item.key) && String(item.key.value) === String(key),
    );
    return pair === undefined ? {} : { key: pair.key, value: pair.value };
  }
  const item = isSeq(node) && typeof key === 'number' ? node.items[key] : undefined;
  return item === undefined ? {} : { value: item };
}

function inText(node: ParsedNode | null | undefined, offset: number): number {
  if (offset === 0 || !isScalar(node)) return 0;
  if (node.type === 'PLAIN') return offset;
  // A quote comes first; in a folded text the place is not known, and its beginning has to do.
  return node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? offset + 1 : 0;
}
