/** `--set key=value`: changes to a scenario before it is checked. */
import { parse as parseYaml } from 'yaml';
import { nearest } from './nearest.ts';
import { ScenarioError } from './scenario-error.ts';

type Table = Readonly<Record<string, unknown>>;

/**
 * A copy of the input with each `peers.leecher.count=3` applied, in order. The value is read as YAML, so numbers, words
 * and `{ share: 0.5 }` all work. Throws ScenarioError when the path leads through something that is not there; whether
 * the last key is one that a scenario knows is told by `parseScenario`.
 */
export const withOverrides = (input: unknown, settings: readonly string[]): unknown =>
  settings.reduce(applied, input);

function applied(input: unknown, setting: string): unknown {
  const equals = setting.indexOf('=');
  if (equals < 1) throw mistake(setting, `expected key=value, such as peers.leecher.count=3`);
  const path = setting.slice(0, equals).trim().split('.');
  return replaced(input, path, { setting, value: valueOf(setting, setting.slice(equals + 1)) });
}

function valueOf(setting: string, text: string): unknown {
  try {
    return parseYaml(text, { logLevel: 'error' }) as unknown;
  } catch {
    throw mistake(setting, `'${text}' is neither a number, a word nor a value in braces`);
  }
}

type Change = { readonly setting: string; readonly value: unknown };

function replaced(node: unknown, path: readonly string[], change: Change): unknown {
  const [key = '', ...rest] = path;
  if (Array.isArray(node)) return inList(node, path, change);
  // `content.bytes` of a scenario with one content, written without brackets, means that one.
  if (!isTable(node)) throw mistake(change.setting, `'${key}' has nothing to belong to`);
  const below = Object.hasOwn(node, key) ? node[key] : undefined;
  if (rest.length === 0) return { ...node, [key]: change.value };
  if (below !== undefined) return { ...node, [key]: replaced(below, rest, change) };
  if (mayBegin.has(key)) return { ...node, [key]: replaced({}, rest, change) };
  throw mistake(change.setting, `no such key: '${key}'${nearest(key, Object.keys(node))}`);
}

/** Tables that a scenario may leave out, and a setting may begin. */
const mayBegin: ReadonlySet<string> = new Set(['tracker', 'options', 'link', 'clock', 'disk']);

function inList(list: readonly unknown[], path: readonly string[], change: Change): unknown {
  const [key = '', ...rest] = path;
  const index = /^\d+$/.test(key) ? Number(key) : undefined;
  if (index === undefined && list.length === 1) return [replaced(list[0], path, change)];
  if (index === undefined || index >= list.length) {
    throw mistake(change.setting, `no such entry: '${key}', there are ${list.length} (from 0)`);
  }
  return list.map((item, i) => {
    if (i !== index) return item;
    return rest.length === 0 ? change.value : replaced(item, rest, change);
  });
}

const isTable = (node: unknown): node is Table => typeof node === 'object' && node !== null;

const mistake = (setting: string, what: string): ScenarioError =>
  new ScenarioError(`--set ${setting}`, [{ path: [], what }]);
