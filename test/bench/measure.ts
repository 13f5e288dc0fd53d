import { cpus } from 'node:os';

/** The median of some figures. */
export function median(figures: number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** The processors and the runtime with which the figures were measured. */
export function machine(): string {
  return `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`;
}

/** Rounds a figure to three significant digits. */
export function round(figure: number): number {
  return Number(figure.toPrecision(3));
}
