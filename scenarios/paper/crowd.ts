/** Most studies are one seed and a crowd that arrives nearly at once: this writes them down. */
import type { Arrival, PeerGroupInput, ScenarioInput, Stay } from '../../sim/scenario.ts';
import type { Scale } from './study.ts';

const KiB = 1_024;
/** Bytes/s in a kbit/s. */
const kbit = 1_000 / 8;

export type Crowd = {
  readonly name: string;
  readonly story: string;
  readonly pieceKiB?: number;
  /** One unless said. */
  readonly seeds?: number;
  /** Of each. */
  readonly seedKbit: number;
  readonly upKbit: number;
  readonly downKbit: number;
  readonly seedDownKbit?: number;
  /** Of each access link. */
  readonly delay?: string;
  /** Connections of each; left out, as many as a peer keeps by itself. */
  readonly degree?: number;
  readonly joins?: Arrival<string>;
  readonly stays?: Stay<string>;
  readonly options?: NonNullable<PeerGroupInput['options']>;
  readonly seedOptions?: NonNullable<PeerGroupInput['options']>;
  readonly tracker?: NonNullable<ScenarioInput['tracker']>;
  /** Fields of the leechers' group that are the study's own. */
  readonly leecher?: Partial<PeerGroupInput>;
  /** Further groups, each with the leechers' link, joining, stay and degree unless it says otherwise. */
  readonly others?: Readonly<Record<string, Partial<PeerGroupInput> & { readonly count: number }>>;
  readonly expect?: ScenarioInput['expect'];
  /** The run ends after so many times the bound: longer than the slowest was ever seen to take. */
  readonly patience?: number;
};

/** Seeds that stay, and leechers as the scale says. */
export function crowd(study: Crowd, scale: Scale): ScenarioInput {
  const { joins = { within: '10s' }, stays = 'for-ever', patience = 12 } = study;
  const pieceBytes = pieceBytesOf(study) / scale.shrink;
  const leecher: PeerGroupInput = {
    ...member(study, scale, { up: study.upKbit, down: study.downKbit }),
    ...{ count: scale.leechers, has: 'nothing', joins, stays },
  };
  const others = Object.entries(study.others ?? {});
  const lastsMs = Math.ceil(1_000 * patience * boundSec(study, scale));
  return {
    name: study.name,
    story: study.story,
    content: { bytes: scale.pieces * pieceBytes, pieceBytes },
    peers: {
      seeder: seeder(study, scale),
      leecher: { ...leecher, ...study.leecher },
      ...Object.fromEntries(others.map(([role, other]) => [role, { ...leecher, ...other }])),
    },
    tracker: { interval: '60s', ...study.tracker },
    sampleEvery: Math.max(500, Math.round(lastsMs / 1_000)),
    lasts: lastsMs,
    settleWithin: lastsMs,
    expect: study.expect ?? [{ everyoneCompletes: 'leechers' }],
  };
}

function seeder(study: Crowd, scale: Scale): PeerGroupInput {
  const { downKbit, seedDownKbit = downKbit, seedKbit, seedOptions, seeds = 1 } = study;
  const own = member(study, scale, { up: seedKbit, down: seedDownKbit });
  return { ...own, count: seeds, has: 'all', options: { ...own.options, ...seedOptions } };
}

/** What seeds and leechers have in common, with links in kbit/s. */
function member(
  { degree, delay = '10ms', options = {} }: Crowd,
  { shrink }: Scale,
  { up, down }: { readonly up: number; readonly down: number },
): Pick<PeerGroupInput, 'link' | 'options' | 'neighbours'> {
  const rate = (kbits: number): number => Math.round((kbits * kbit) / shrink);
  return {
    link: { up: rate(up), down: rate(down), delay },
    options,
    ...(degree === undefined ? {} : { neighbours: degree }),
  };
}

const pieceBytesOf = ({ pieceKiB = 256 }: Crowd): number => pieceKiB * KiB;

/** What Kumar and Ross say of it, in seconds; the scale's shrinking cancels out. */
function boundSec(study: Crowd, { leechers, pieces }: Pick<Scale, 'leechers' | 'pieces'>): number {
  const { seeds = 1, seedKbit, upKbit, downKbit } = study;
  const kbits = (pieces * pieceBytesOf(study) * 8) / 1_000;
  const all = (leechers * kbits) / (seeds * seedKbit + leechers * upKbit);
  return Math.max(kbits / (seeds * seedKbit), kbits / downKbit, all);
}
