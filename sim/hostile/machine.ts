/** Makes a hostile peer out of a session: the same for every world. */
import type { Random } from '../../core/random.ts';
import type { Session } from '../../core/swarm/session.ts';
import type { SessionMachine } from '../../core/swarm/session-machine.ts';
import type { Form } from '../../core/wire/saying.ts';
import { allowedFastAbuser } from './allowed-fast-abuser.ts';
import { bitfieldLiar } from './bitfield-liar.ts';
import { chokeFlapper } from './choke-flapper.ts';
import { Disguise } from './disguise.ts';
import { duplicates } from './duplicates.ts';
import { emptyMessages } from './empty-messages.ts';
import { freeRider } from './free-rider.ts';
import { handshakeFlood } from './handshake-flood.ts';
import { haveSpammer } from './have-spammer.ts';
import { Intruder } from './intruder.ts';
import type { Intrusion, IntrusionParts } from './intrusion.ts';
import type { HostileKind } from './kinds.ts';
import { neverAnswers } from './never-answers.ts';
import { neverUnchokes } from './never-unchokes.ts';
import { oversize } from './oversize.ts';
import { poisoner, rarePoisoner } from './poisoner.ts';
import { requestFlooder } from './request-flooder.ts';
import { slotThief } from './slot-thief.ts';
import { slowLoris } from './slow-loris.ts';
import { SpokenBytes } from './spoken-bytes.ts';
import { sybilById } from './sybil-by-id.ts';
import { trackerLiar } from './tracker-liar.ts';
import type { Trick, TrickParts } from './trick.ts';
import { unrequestedBlocks } from './unrequested-blocks.ts';
import { wrongLengths } from './wrong-lengths.ts';

export type HostileOptions = {
  readonly random: Random;
  /** What the world carries. */
  readonly form: Form;
  /** Another block of the same length. Default: a copy whose first byte is wrong. */
  readonly spoil?: (block: Uint8Array) => Uint8Array;
};

type Make =
  /** An honest peer with one thing changed. */
  | { readonly trick: (parts: TrickParts) => Trick }
  /** One that never gets as far as a session, or has too many. */
  | { readonly intrusion: (parts: IntrusionParts) => Intrusion };

const makes: Readonly<Record<HostileKind, Make>> = {
  poisoner: { trick: poisoner },
  'rare-poisoner': { trick: rarePoisoner },
  'bitfield-liar': { trick: bitfieldLiar },
  'have-spammer': { trick: haveSpammer },
  'request-flooder': { trick: requestFlooder },
  'unrequested-blocks': { trick: unrequestedBlocks },
  duplicates: { trick: duplicates },
  'wrong-lengths': { trick: wrongLengths },
  oversize: { trick: oversize },
  'empty-messages': { trick: emptyMessages },
  'choke-flapper': { trick: chokeFlapper },
  'never-unchokes': { trick: neverUnchokes },
  'never-answers': { trick: neverAnswers },
  'slow-loris': { intrusion: slowLoris },
  'handshake-flood': { intrusion: handshakeFlood },
  'free-rider': { trick: freeRider },
  'slot-thief': { trick: slotThief },
  'allowed-fast-abuser': { trick: allowedFastAbuser },
  'sybil-by-id': { intrusion: sybilById },
  'sybil-by-address': { trick: freeRider },
  'tracker-liar': { trick: trackerLiar },
};

/** The session must be in form `values`, whatever the world carries. */
export function hostileMachine(
  kind: HostileKind,
  session: Session,
  { random, form, spoil = firstByteWrong }: HostileOptions,
): SessionMachine {
  const make = makes[kind];
  const machine =
    'trick' in make
      ? new Disguise(session, make.trick({ random, spoil }))
      : new Intruder(session, make.intrusion({ random, self: () => selfOf(session) }), form);
  return form === 'bytes' ? new SpokenBytes(machine) : machine;
}

function selfOf(session: Session): ReturnType<IntrusionParts['self']> {
  const [torrent] = session.torrents.values();
  if (torrent === undefined) throw new Error('an intruder has a torrent');
  const { infoHash, self } = torrent.parts.torrent;
  return { infoHash, peerId: self.peerId };
}

function firstByteWrong(block: Uint8Array): Uint8Array {
  const spoilt = block.slice();
  spoilt[0] = ~(spoilt[0] ?? 0) & 255;
  return spoilt;
}
