/** One measured ratio: ours against the bare thing (or a peer) in the same run, on the same machine. */
export interface BenchResult {
  name: string;
  /** How many times as fast as what it is measured against; above 1 is faster. */
  ratio: number;
  /** What it is to reach. */
  target: number;
  /** The figures behind it, for this machine only. */
  detail: string;
}

/** Runs of both sides take turns, so that a slow minute of the machine hits both; the medians are compared. */
export async function medianOf(runs: number, run: () => Promise<number>): Promise<number> {
  const rates: number[] = [];
  for (let at = 0; at < runs; at += 1) rates.push(await run());
  return median(rates);
}

export function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] as number;
}

export function perSecond(count: number, startedAt: number): number {
  return (count * 1000) / (performance.now() - startedAt);
}
