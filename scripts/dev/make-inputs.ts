/**
 * Makes input/music.mp3 and input/piece-map.png: our own, so that anybody may share them.
 * `npm run inputs` needs sox and lame; the same versions of those give the same bytes.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { $ } from 'zx';
import { pieceMap } from './piece-map.ts';
import { type Voice, voices } from './tune.ts';

const input = fileURLToPath(new URL('../../input/', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'swarmproof-tune-'));
try {
  await writeFile(join(input, 'piece-map.png'), pieceMap({ width: 480, height: 320 }));
  await makeMusic();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function makeMusic(): Promise<void> {
  const tracks: string[] = [];
  for (const voice of voices()) tracks.push('-v', String(voice.loudness), await record(voice));
  const mix = join(folder, 'mix.wav');
  await $`sox -R -m ${tracks} ${mix} channels 2 gain -4 reverb 35 norm -1 fade t 0.5 -0 6`;
  const tags = ['--tt', 'Rarest First', '--ta', 'Swarmproof contributors', '--tl', 'Swarmproof'];
  await $`lame --quiet --cbr -b 192 ${tags} ${mix} ${join(input, 'music.mp3')}`;
}

/** One voice is its notes laid end to end; each distinct note is made once. */
async function record(voice: Voice): Promise<string> {
  const files = new Map<string, string>();
  for (const { semitones, eighths } of voice.notes) {
    const key = `${voice.name}_${semitones ?? 'rest'}_${eighths}`;
    if (files.has(key)) continue;
    const file = join(folder, `${key}.wav`);
    const samples = `${eighths * voice.samplesPerEighth}s`;
    const sound = semitones === undefined ? ['sin', '0'] : [voice.timbre, `%${semitones}`];
    const fade = ['fade', 't', '0.01', samples, voice.fade];
    await $`sox -R -r 44100 -n -b 16 -c 1 ${file} synth ${samples} ${sound} gain -6 ${fade}`;
    files.set(key, file);
  }
  const whole = join(folder, `${voice.name}.wav`);
  const parts = voice.notes.map((n) =>
    files.get(`${voice.name}_${n.semitones ?? 'rest'}_${n.eighths}`),
  );
  await $`sox -R ${parts.filter((part) => part !== undefined)} ${whole}`;
  return whole;
}
