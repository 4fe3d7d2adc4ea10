/** The tune of input/music.mp3: 72 bars of 4/4 for lead, arpeggio, three chord voices and bass. */

/** `semitones` from the A of 440 Hz, `undefined` for a rest; `eighths` is the length. */
export type Note = { readonly semitones: number | undefined; readonly eighths: number };

export type Voice = {
  readonly name: string;
  /** sox's word for the wave. */
  readonly timbre: string;
  /** Seconds of fading at a note's end. */
  readonly fade: string;
  readonly loudness: number;
  readonly samplesPerEighth: number;
  readonly notes: readonly Note[];
};

/** 100 beats a minute: an eighth is 0.3 s, a whole number of samples, so that the voices never drift. */
const samplesPerEighth = 13_230;

type Chord = readonly [root: number, third: number, fifth: number];
const chords = {
  C: [-9, -5, -2],
  F: [-4, 0, 3],
  G: [-2, 2, 5],
  Am: [0, 3, 7],
  Dm: [-7, -4, 0],
  Em: [-5, -2, 2],
} as const satisfies Record<string, Chord>;

type Part = { readonly harmony: readonly (keyof typeof chords)[]; readonly melody: string };

/** Melodies are written as `<name><octave>:<eighths>`, `-` for a rest; each line of eight bars holds 64 eighths. */
const verse: Part = {
  harmony: ['C', 'Am', 'F', 'G', 'C', 'Am', 'Dm', 'G'],
  melody: `
    E5:2 G5:2 C6:3 B5:1  A5:3 G5:1 E5:4  F5:2 A5:2 C6:2 A5:2  G5:6 -:2
    E5:2 G5:2 C6:3 D6:1  E6:3 D6:1 C6:4  D6:2 C6:1 A5:1 F5:2 A5:2  G5:4 D5:2 -:2`,
};
const chorus: Part = {
  harmony: ['F', 'G', 'Em', 'Am', 'F', 'G', 'C', 'C'],
  melody: `
    C6:3 A5:1 C6:2 D6:2  B5:3 G5:1 B5:4  B5:2 G5:2 E5:2 G5:2  A5:6 -:2
    A5:2 C6:2 F6:3 E6:1  D6:2 B5:2 G5:2 B5:2  C6:4 G5:2 E5:2  C5:6 -:2`,
};
const bridge: Part = {
  harmony: ['Am', 'Em', 'F', 'C', 'Dm', 'Am', 'F', 'G'],
  melody: `
    A5:4 E5:2 A5:2  G5:4 E5:4  F5:1 G5:1 A5:2 C6:2 A5:2  G5:6 E5:2
    F5:2 A5:2 D6:4  C6:2 A5:2 E5:4  F5:2 G5:2 A5:2 C6:2  B5:4 G5:2 -:2`,
};
const song: readonly Part[] = [verse, verse, chorus, bridge, verse, chorus, bridge, chorus, verse];

export function voices(): readonly Voice[] {
  const bars = song.flatMap((part) => part.harmony.map((name): Chord => chords[name]));
  const held = (pick: (chord: Chord) => number): Note[] =>
    bars.map((chord) => ({ semitones: pick(chord), eighths: 8 }));
  return [
    voice(
      'lead',
      'pluck',
      1,
      song.flatMap((part) => parse(part.melody)),
    ),
    voice('arpeggio', 'pluck', 0.32, bars.flatMap(broken)),
    voice(
      'root',
      'triangle',
      0.16,
      held(([root]) => root),
    ),
    voice(
      'third',
      'triangle',
      0.14,
      held(([, third]) => third),
    ),
    voice(
      'fifth',
      'triangle',
      0.14,
      held(([, , fifth]) => fifth),
    ),
    voice('bass', 'triangle', 0.28, bars.flatMap(walk)),
  ];
}

function voice(name: string, timbre: string, loudness: number, notes: readonly Note[]): Voice {
  const fade = timbre === 'pluck' ? '0.02' : '0.15';
  return { name, timbre, fade, loudness, samplesPerEighth, notes };
}

/** The chord up and down again in eighths, root first. */
function broken([root, third, fifth]: Chord): Note[] {
  const steps = [root, third, fifth, root + 12, third + 12, root + 12, fifth, third];
  return steps.map((semitones) => ({ semitones, eighths: 1 }));
}

/** Root, octave, fifth, octave, two octaves under the chord. */
function walk([root, , fifth]: Chord): Note[] {
  return [
    { semitones: root - 24, eighths: 3 },
    { semitones: root - 12, eighths: 1 },
    { semitones: fifth - 24, eighths: 2 },
    { semitones: root - 12, eighths: 2 },
  ];
}

const semitonesOf: Readonly<Record<string, number>> = {
  C: -9,
  D: -7,
  E: -5,
  F: -4,
  G: -2,
  A: 0,
  B: 2,
};

function parse(melody: string): Note[] {
  return melody
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [, name = '-', octave, eighths] = /^([A-G-])(\d?):(\d)$/.exec(word) ?? [];
      if (eighths === undefined) throw new SyntaxError(`not a note: ${word}`);
      const step = semitonesOf[name];
      const semitones = step === undefined ? undefined : step + 12 * (Number(octave) - 4);
      return { semitones, eighths: Number(eighths) };
    });
}
