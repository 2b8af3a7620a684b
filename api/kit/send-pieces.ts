/** Long answers: written as fast as they are read and no faster, and no further once nobody reads on. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';

export async function sendPieces(response: Writable, pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  for await (const piece of pieces) {
    if (response.destroyed) return;
    if (!response.write(piece)) await readOn(response);
  }
  response.end();
}

/** Until what was written is taken, or nobody takes it any more. */
async function readOn(response: Writable): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  try {
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  } finally {
    // The one that did not happen is no longer listened for: a long answer waits a thousand times.
    over.abort();
  }
}
