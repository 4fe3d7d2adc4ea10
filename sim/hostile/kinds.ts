/** The hostile peers by name, as the `client` of a group of peers names them: `hostile/poisoner`. */

export const hostileKinds = [
  'poisoner',
  'rare-poisoner',
  'bitfield-liar',
  'have-spammer',
  'request-flooder',
  'unrequested-blocks',
  'duplicates',
  'wrong-lengths',
  'oversize',
  'empty-messages',
  'choke-flapper',
  'never-unchokes',
  'never-answers',
  'slow-loris',
  'handshake-flood',
  'free-rider',
  'slot-thief',
  'allowed-fast-abuser',
  'sybil-by-id',
  'sybil-by-address',
  'tracker-liar',
] as const;

export type HostileKind = (typeof hostileKinds)[number];

const prefix = 'hostile/';

/** Every program that may play a peer. */
export const clients: readonly string[] = [
  'swarmproof',
  ...hostileKinds.map((kind) => `${prefix}${kind}`),
];

/** Undefined: the client is an honest one. */
export const hostileKindOf = (client: string): HostileKind | undefined =>
  hostileKinds.find((kind) => client === `${prefix}${kind}`);

export const clientOfKind = (kind: HostileKind): string => `${prefix}${kind}`;

/** What such a peer says of itself and of what it exchanged proves nothing, and nobody waits for it. */
export const isHostile = ({ client }: { readonly client: string }): boolean =>
  client.startsWith(prefix);

/** A tracker cannot know which of what such a peer says of itself, and of those it makes up, is true. */
export const liesToTrackers = ({ client }: { readonly client: string }): boolean =>
  client === clientOfKind('tracker-liar');
