/** The oracle of the differential tests has no types of its own. */
declare module 'bencode' {
  const bencode: {
    decode(bytes: Uint8Array): unknown;
    encode(value: unknown): Uint8Array;
  };
  export { bencode as default };
}
