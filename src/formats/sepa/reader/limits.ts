/** How much of a bank's file is read at most. Generous for any bank, tight for anybody else. */
export interface BankFileLimits {
  max_bytes: number;
  /** Open elements at once; real messages stay under 20. */
  max_depth: number;
  max_attributes: number;
  /** Characters of one value. */
  max_text: number;
  /** Characters of any one piece of markup: a tag, a comment, a text nobody reads. */
  max_token: number;
  max_entries: number;
  /**
   * Milliseconds of processor time spent reading. Not of the wall clock: a busy machine must not refuse a good file,
   * and the caller's own work between two pieces does not count.
   */
  max_ms: number;
}

export const defaultLimits: Readonly<BankFileLimits> = {
  max_bytes: 64 * 1024 * 1024,
  max_depth: 64,
  max_attributes: 32,
  max_text: 8 * 1024,
  max_token: 128 * 1024,
  max_entries: 250_000,
  max_ms: 20_000,
};
