/** A render thread for tests: renders nothing, and does what the document's note tells it to. */
import { parentPort } from 'node:worker_threads';

parentPort.on('message', ({ document }) => {
  if (document.note === 'hang') for (;;);
  if (document.note === 'die') process.exit(3);
  if (document.note === 'eat') for (const eaten = []; ; ) eaten.push(new Array(1e6).fill(eaten.length));
  if (document.note === 'throw') {
    parentPort.postMessage({ ready: false, error: 'a glyph went missing' });
    return;
  }
  parentPort.postMessage({
    ready: false,
    printed: { pdf: new Uint8Array([37, 80, 68, 70]), xml: document.number, pages: 1, warnings: [] },
  });
});
parentPort.postMessage({ ready: true });
