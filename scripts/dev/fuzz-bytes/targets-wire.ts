/** What comes on a peer's connection. */
import { type Target, attempt, expectSame, expectTrue } from './target.ts';
import { frames, greeting, protocol } from './wire-samples.ts';

const handshake: Target = {
  name: 'handshake',
  seeds: [greeting, greeting.slice(0, 30), 'GET / HTTP/1.0'],
  tokens: [protocol, '\x13', '\x10', '\x04', 'BitTorrent'],
  load: async () => {
    const wire = await import('../../../core/wire/handshake.ts');
    const { WireError } = await import('../../../core/wire/error.ts');
    return (bytes) => {
      const fault = attempt(WireError, () => wire.expectProtocol(bytes));
      const isOurs = protocol.startsWith(Buffer.from(bytes.subarray(0, 20)).toString('latin1'));
      expectSame(fault === undefined, isOurs, 'the protocol is not what it is');
      const whole = new Uint8Array(wire.handshakeLength);
      whole.set(bytes.subarray(0, whole.length));
      const found = attempt(WireError, () => wire.decodeHandshake(whole));
      if (found instanceof WireError) return found.code;
      expectSame(Buffer.compare(wire.encodeHandshake(found), whole), 0, 'other when written');
      const flags = {
        fast: wire.supportsFast(found.reserved),
        extension: wire.supportsExtension(found.reserved),
      };
      const said = wire.reservedBits(flags);
      expectTrue(
        said.every((byte, i) => (byte & (found.reserved[i] ?? 0)) === byte),
        'bits that are not set',
      );
      return `${flags.fast} ${flags.extension}`;
    };
  },
};

const messages: Target = {
  name: 'messages',
  seeds: [frames.slice(0, 20).join(''), frames.slice(8, 12).join('')],
  tokens: frames,
  load: async () => (await import('./check-messages.ts')).checkMessages,
};

const connection: Target = {
  name: 'connection',
  seeds: [
    greeting + frames.slice(0, 6).join(''),
    greeting + frames.slice(14).join(''),
    greeting,
    greeting + frames.slice(6, 14).join(''),
  ],
  tokens: [
    greeting,
    ...frames,
    '\0\0\0\x21\x14\0d1:md11:lt_donthavei3e1:xi0eee',
    '1:pi80e',
    '4:reqqi5e',
  ],
  load: async () => (await import('./check-connection.ts')).checkConnection,
};

const extensionHandshake: Target = {
  name: 'extension-handshake',
  seeds: [
    'd1:md11:lt_donthavei3e11:upload_onlyi7ee13:metadata_sizei99e1:pi6881e4:reqqi250e11:upload_onlyi1e1:v8:Peer 1.0e',
    'd1:md1:ai0e1:bi256eee',
    `d1:md${Array.from({ length: 70 }, (_, i) => `2:${String(i + 10)}i1e`).join('')}ee`,
  ],
  tokens: [
    '1:m',
    '1:v',
    '1:p',
    '4:reqq',
    '13:metadata_size',
    '11:upload_only',
    'd',
    'e',
    'i0e',
    'i255e',
    'i65535e',
    '2:\xff\xfe',
    '11:lt_donthave',
  ],
  load: async () => {
    const extension = await import('../../../core/wire/extension.ts');
    const { WireError } = await import('../../../core/wire/error.ts');
    const { decodeExtensionHandshake, encodeExtensionHandshake, mergeExtensionHandshakes } =
      extension;
    return (bytes) => {
      const found = attempt(WireError, () => decodeExtensionHandshake(bytes));
      if (found instanceof WireError) return found.code;
      expectTrue(found.ids.size <= extension.maxExtensions, 'too many names');
      expectSame(
        decodeExtensionHandshake(encodeExtensionHandshake(found)),
        found,
        'other when written',
      );
      const merged = mergeExtensionHandshakes(undefined, found);
      expectTrue(
        [...merged.ids.values()].every((id) => id > 0),
        'a name that was taken back',
      );
      expectSame(
        mergeExtensionHandshakes(merged, found),
        merged,
        'said again, it is something else',
      );
      return Object.keys(found).join(' ');
    };
  },
};

const extensionMessages: Target = {
  name: 'extension-messages',
  seeds: ['\x01\0\0\0\x05', '\x02\x01', '\x02\0', '\x03x'],
  tokens: ['\x01', '\x02', '\0\0\0\0', '\xff\xff\xff\xff'],
  load: async () => {
    const { ltDonthave } = await import('../../../core/wire/extensions/lt-donthave.ts');
    const { uploadOnly } = await import('../../../core/wire/extensions/upload-only.ts');
    const { ExtensionRegistry } = await import('../../../core/wire/extension-registry.ts');
    const { WireError } = await import('../../../core/wire/error.ts');
    type Payload = ReturnType<typeof ltDonthave.decode> | ReturnType<typeof uploadOnly.decode>;
    const registry = new ExtensionRegistry<Payload>([ltDonthave, uploadOnly]);
    return (bytes) => {
      const [id = 0, ...rest] = bytes;
      const payload = Uint8Array.from(rest);
      const found = attempt(WireError, () => registry.decode(id, payload));
      if (found instanceof WireError) return `${id > 2} ${found.code}`;
      if (found === undefined) {
        expectTrue(id === 0 || id > 2, 'an id of ours that is not known');
        return 'not ours';
      }
      const again = found.type === 'lost' ? ltDonthave.encode(found) : uploadOnly.encode(found);
      expectSame(registry.decode(id, again), found, 'other when written');
      return found.type;
    };
  },
};

const bitfield: Target = {
  name: 'bitfield',
  seeds: ['\x09\xff\x80', '\x08\xaa', '\x20\xff\0\xff\0', '\0'],
  tokens: ['\xff', '\0', '\x80', '\x01'],
  load: async () => {
    const { Bitfield } = await import('../../../core/torrent/bitfield.ts');
    return (bytes) => {
      const [count = 0] = bytes;
      const bits = Bitfield.fromBytes(bytes.subarray(1), count);
      const digits = Array.from(bytes.subarray(1), (byte) =>
        byte.toString(2).padStart(8, '0'),
      ).join('');
      const isRight =
        digits.length === 8 * Math.ceil(count / 8) && !digits.slice(count).includes('1');
      expectSame(bits !== undefined, isRight, 'right is taken for wrong, or wrong for right');
      if (bits === undefined) return 'refused';
      const ones = [...bits.ones()];
      expectSame(
        ones,
        [...digits].flatMap((digit, i) => (digit === '1' ? [i] : [])),
        'other pieces',
      );
      expectSame(bits.size, ones.length, 'a count of other pieces');
      expectSame(Buffer.compare(bits.toBytes(), bytes.subarray(1)), 0, 'other when written');
      expectSame(bits.isFull, ones.length === count, 'full, or not');
      return `${bits.isFull} ${bits.isEmpty}`;
    };
  },
};

export const wireTargets: readonly Target[] = [
  handshake,
  messages,
  connection,
  extensionHandshake,
  extensionMessages,
  bitfield,
];
