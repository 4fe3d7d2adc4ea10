/** Loggers for what runs long: sentences for people, NDJSON (pino) for machines. */
import pino from 'pino';
import { type Logger, silentLogger } from '../core/net/log.ts';
import type { Output } from './command-line/output.ts';
import { printable } from './show/printable.ts';
import type { TextSink } from './command-line/terminal.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One JSON object a line. */
export function ndjsonLog(sink: TextSink, level: LogLevel): Logger {
  return pino({ level }, { write: (line: string) => void sink.write(line) });
}

/** `20:15:03 message (key: value, ...)`; debug lines only with `--verbose`, none with `--quiet`. */
export function humanLog(output: Output): Logger {
  if (output.isQuiet) return silentLogger;
  const say = (fields: object, message: string): void => output.say(logLine(fields, message));
  return {
    debug: output.isVerbose ? say : () => undefined,
    info: say,
    warn: say,
    error: say,
  };
}

function logLine(fields: object, message: string): string {
  const time = new Date().toTimeString().slice(0, 8);
  const facts = Object.entries(fields).map(([key, value]) => `${key}: ${valueText(value)}`);
  const tail = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  return `${time} ${printable(message)}${printable(tail)}`;
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value instanceof Error ? value.message : JSON.stringify(value);
}
