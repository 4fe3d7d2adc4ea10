/** What can be wrong with what a client asks of a tracker, or with what a tracker answers (BEP 3, BEP 15, BEP 48). */
export type TrackerErrorCode =
  | 'bad-escape'
  | 'too-many-parameters'
  | 'missing'
  | 'repeated'
  | 'bad-info-hash'
  | 'bad-peer-id'
  | 'bad-port'
  | 'bad-number'
  | 'too-long'
  | 'too-short'
  | 'unknown-action'
  | 'bad-option'
  | 'bad-answer';

/** The remote broke the tracker protocol. Thrown only by the codecs of `core/tracker`. */
export class TrackerError extends Error {
  override readonly name = 'TrackerError';
  readonly code: TrackerErrorCode;

  constructor(code: TrackerErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}
