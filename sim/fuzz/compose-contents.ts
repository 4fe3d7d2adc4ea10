/** Contents of a drawn scenario: small, with lengths that are awkward. */
import type { ContentSpec } from '../scenario.ts';
import type { Feature } from './features.ts';
import type { ContentRecipe } from './recipe.ts';

/** More only takes longer: what can go wrong in a thousand pieces goes wrong in a few. */
const mostBytes = 2 ** 20;

export function contentsOf(
  recipes: readonly ContentRecipe[],
  features: ReadonlySet<Feature>,
): readonly ContentSpec[] {
  const count = features.has('contents') ? recipes.length : 1;
  return recipes.slice(0, count).map((recipe) => contentOf(recipe, features));
}

function contentOf(
  { pieceBytes, pieces, tail, files }: ContentRecipe,
  features: ReadonlySet<Feature>,
): ContentSpec {
  const isSeveral = features.has('files') && files.some((bytes) => bytes > 0);
  if (isSeveral)
    return { files: files.map((bytes, i) => ({ path: `file-${i}`, bytes })), pieceBytes };
  const whole = Math.min(pieces, Math.floor(mostBytes / pieceBytes)) * pieceBytes;
  return { bytes: Math.max(1, whole + tail), pieceBytes };
}

export const bytesOf = (content: ContentSpec): number => {
  if ('files' in content) return content.files.reduce((sum, { bytes }) => sum + bytes, 0);
  return 'bytes' in content ? content.bytes : 0;
};
