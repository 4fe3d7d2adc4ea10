/** Sizes, rates and times as people read them. */
const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `4.0 MiB`; whole bytes below 1 KiB. */
export function sizeText(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), steps.length - 1);
  const value = bytes / 2 ** (10 * step);
  return `${step === 0 ? value.toFixed(0) : value.toFixed(1)} ${steps[step]}`;
}

/** `12.3 MB/s`, in powers of ten as links are sold. */
export function rateText(bytesPerSec: number): string {
  if (bytesPerSec < 1e3) return `${bytesPerSec.toFixed(0)} B/s`;
  if (bytesPerSec < 1e6) return `${(bytesPerSec / 1e3).toFixed(1)} kB/s`;
  return `${(bytesPerSec / 1e6).toFixed(1)} MB/s`;
}

export const countText = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;
