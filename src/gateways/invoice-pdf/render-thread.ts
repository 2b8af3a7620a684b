/** What runs in a render thread: takes one job at a time, answers with the file or with what went wrong. */
import { parentPort } from 'node:worker_threads';
import { type PrintJob, type PrintWarning, renderPdf } from './render.ts';

export type ThreadAnswer =
  | { ready: true }
  | { ready: false; printed: { pdf: Uint8Array; xml: string | null; pages: number; warnings: PrintWarning[] } }
  | { ready: false; error: string };

const port = parentPort;
if (!port) throw new Error('the render thread runs in a worker thread');

port.on('message', (job: PrintJob) => {
  let answer: ThreadAnswer;
  try {
    const { pdf, ...rest } = renderPdf(job);
    // Its own memory, so that it can be handed over instead of copied.
    answer = { ready: false, printed: { pdf: new Uint8Array(pdf), ...rest } };
  } catch (error) {
    answer = { ready: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  port.postMessage(answer, 'printed' in answer ? [answer.printed.pdf.buffer as ArrayBuffer] : []);
});
port.postMessage({ ready: true } satisfies ThreadAnswer);
