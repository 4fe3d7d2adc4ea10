/** What a remote can do wrong on the wire (BEP 3, BEP 6, BEP 10). */
export type WireErrorCode =
  | 'bad-protocol-string'
  | 'frame-too-long'
  | 'bad-length'
  | 'bad-extension-handshake'
  | 'bad-extension-message';

/** The remote broke the protocol. Thrown only by `core/wire`; caught only by `PeerConnection`. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}
