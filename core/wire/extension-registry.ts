/** Extensions of the peer protocol, a file each in `extensions/`, and the ids they go by (BEP 10). */

/**
 * One extension. To add one: write it in `extensions/`, name it where the registry is made, and answer what it
 * decodes to; the compiler finds the place that forgot.
 */
export type Extension<Payload> = {
  /** Its name in the extension handshake, `m`. */
  readonly name: string;
  /** Payloads may be views of the bytes. Throws WireError `bad-extension-message`. */
  readonly decode: (bytes: Uint8Array) => Payload;
  readonly encode: (payload: Payload) => Uint8Array;
};

/** The extensions this side understands. */
export class ExtensionRegistry<Payload> {
  readonly #extensions: readonly Pick<Extension<Payload>, 'name' | 'decode'>[];

  constructor(extensions: readonly Pick<Extension<Payload>, 'name' | 'decode'>[]) {
    this.#extensions = extensions;
  }

  /** The id under which we want to hear each of them: 1 and up, in the order they were named. */
  get ids(): ReadonlyMap<string, number> {
    return new Map(this.#extensions.map(({ name }, i) => [name, i + 1]));
  }

  /** What came under one of our ids; `undefined` when the id is none of ours. Throws WireError. */
  decode(extendedId: number, bytes: Uint8Array): Payload | undefined {
    return this.#extensions[extendedId - 1]?.decode(bytes);
  }
}
