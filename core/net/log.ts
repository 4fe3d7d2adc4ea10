/** Where the product says what it does: the shape of pino's loggers, so that any of them fits. */

type Write = (fields: object, message: string) => void;

/** Fields are data for machines, the message a sentence for people. */
export type Logger = {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
  /** As pino has it. A logger without it is told everything. */
  readonly isLevelEnabled?: (level: string) => boolean;
};

const nothing: Write = () => {};

/** Says nothing; for those who were given no logger. */
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  isLevelEnabled: () => false,
};
