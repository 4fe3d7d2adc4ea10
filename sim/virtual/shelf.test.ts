import { describe, expect, it } from 'vitest';
import { PieceIndex } from '../../core/torrent/ids.ts';
import { machineTools } from '../loopback/tools.ts';
import { type VirtualContent, makeContents } from './content.ts';
import { ElidedMatter } from './elided-matter.ts';
import { ExactMatter } from './exact-matter.ts';
import type { Fidelity } from './fidelity.ts';
import type { Matter } from './matter.ts';
import { micros } from './micros.ts';
import { Shelf } from './shelf.ts';

const tools = machineTools();
const second = 1_000_000;

for (const fidelity of ['byte-exact', 'elided'] as const)
  describe(fidelity, () => {
    it('believes a piece only when every block of it is honest', () => {
      const { shelf, give } = furnished(fidelity);
      give(0, 'honest');
      expect(shelf.verify(PieceIndex(0), false)).toEqual({ ok: true });
      give(1, 'spoilt');
      const verdict = shelf.verify(PieceIndex(1), false);
      expect(verdict.ok).toBe(false);
      expect(new Set(verdict.digests).size).toBe(2);
    });

    it('says by the digests which block was another one the last time', () => {
      const { shelf, give } = furnished(fidelity);
      give(1, 'spoilt');
      const before = shelf.verify(PieceIndex(1), true).digests;
      shelf.discard(PieceIndex(1));
      give(1, 'honest');
      const after = shelf.verify(PieceIndex(1), true).digests;
      expect(after?.map((digest, block) => digest === before?.[block])).toEqual([true, false]);
    });

    it('serves what it has written, and a whole file has the hash of the source', () => {
      const { shelf, content, give, block } = furnished(fidelity);
      for (let piece = 0; piece < content.pieces.count; piece += 1) {
        give(piece, 'honest');
        shelf.verify(PieceIndex(piece), false);
        shelf.write(micros(0), PieceIndex(piece));
      }
      expect(shelf.read(PieceIndex(1), 16_384, 16_384)).toEqual(block(1, 1));
      expect(shelf.files('me', 0)).toEqual([
        {
          peer: 'me',
          content: 0,
          path: 'content-0',
          isPartial: false,
          bytes: 90_000,
          sha256: content.facts.files[0]?.sha256,
        },
      ]);
    });

    it('keeps a piece that nobody verified as it came: it is not intact, and the file is not the source', () => {
      const { shelf, content, give } = furnished(fidelity);
      for (let piece = 0; piece < content.pieces.count; piece += 1) {
        give(piece, piece === 1 ? 'spoilt' : 'honest');
        shelf.write(micros(0), PieceIndex(piece));
      }
      expect([...shelf.intact().ones()]).toEqual([0, 2]);
      expect(shelf.files('me', 0)[0]?.sha256).not.toBe(content.facts.files[0]?.sha256);
      expect(shelf.read(PieceIndex(1), 16_384, 16_384)).not.toEqual(
        shelf.read(PieceIndex(1), 0, 16_384),
      );
    });

    it('loses with the power what was not synced, and with the process only what was in memory', () => {
      const { shelf, give } = furnished(fidelity);
      for (const piece of [0, 1]) {
        give(piece, 'honest');
        shelf.verify(PieceIndex(piece), false);
        shelf.write(micros(piece * 6 * second), PieceIndex(piece));
      }
      give(2, 'honest');
      shelf.abandon();
      expect(shelf.open('trust').source).toBe('checked');
      expect([...shelf.intact().ones()]).toEqual([0, 1]);
      shelf.losePower(micros(6.5 * second));
      expect([...shelf.open('trust').have.ones()]).toEqual([0]);
    });

    it('is believed after an end in good order, checked after any other, and emptied when asked to', () => {
      const { shelf, give } = furnished(fidelity);
      expect(shelf.open('trust').source).toBe('new');
      give(0, 'honest');
      shelf.verify(PieceIndex(0), false);
      shelf.write(micros(0), PieceIndex(0));
      shelf.close();
      expect(shelf.open('trust').source).toBe('resume');
      shelf.close();
      expect(shelf.open('check').source).toBe('checked');
      expect(shelf.open('none').have.isEmpty).toBe(true);
    });
  });

function furnished(fidelity: Fidelity): {
  readonly shelf: Shelf;
  readonly content: VirtualContent;
  readonly block: (piece: number, block: number) => Uint8Array;
  /** Stores every block of the piece; a spoilt one is spoilt in its second block. */
  readonly give: (piece: number, how: 'honest' | 'spoilt') => void;
} {
  const [content] = makeContents([{ bytes: 90_000, pieceBytes: 32_768 }], {
    ...{ tools, fidelity, announceUrl: 'http://10.0.0.1/announce', seed: 1 },
  });
  if (content === undefined) throw new Error('no content');
  const matter: Matter = fidelity === 'elided' ? new ElidedMatter() : new ExactMatter(tools);
  const block = (piece: number, index: number): Uint8Array =>
    matter.block(content, 'source', content.pieces.blockRef(PieceIndex(piece), index));
  const shelf = new Shelf(content, matter, []);
  return {
    shelf,
    content,
    block,
    give: (piece, how) => {
      for (let index = 0; index < content.pieces.blockCount(PieceIndex(piece)); index += 1) {
        const honest = block(piece, index);
        const sent = how === 'spoilt' && index === 1 ? matter.spoil(honest) : honest;
        shelf.store(PieceIndex(piece), index * 16_384, sent);
      }
    },
  };
}
