/**
 * The printer: a small pool of render threads with a time and memory limit for each document, so that no document,
 * whatever is in it, can hold up the process or the other documents.
 *
 * Always true:
 * - a document that takes too long, or too much memory, fails alone: its thread is ended and another takes its place;
 * - as many documents are rendered at once as there are threads, the others wait in order;
 * - threads are started by the first document that needs them, and keep no process alive while idle.
 */
import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { PrintJob, PrintWarning } from './render.ts';
import type { ThreadAnswer } from './render-thread.ts';

export interface PrintedFile {
  pdf: Buffer;
  /** Of the PDF, in hexadecimal. */
  sha256: string;
  /** The Factur-X file inside; null in a statement. */
  xml: string | null;
  pages: number;
  warnings: PrintWarning[];
}

/** Rendering did not give a document. Doing it again may help only after `crashed`. */
export class PrintFailure extends Error {
  readonly reason: 'timeout' | 'crashed' | 'failed' | 'closed';
  constructor(reason: PrintFailure['reason'], detail: string) {
    super(`the document could not be rendered (${reason}): ${detail}`);
    this.name = 'PrintFailure';
    this.reason = reason;
  }
}

export interface PrinterOptions {
  threads?: number;
  /** How long one document may take once its thread is up. */
  limit_ms?: number;
  /** Of one thread's heap. */
  memory_mb?: number;
  /** What runs in the threads; tests put something stuck here. */
  entry?: URL;
}

export interface Printer {
  /** @throws PrintFailure */
  print(job: PrintJob): Promise<PrintedFile>;
  close(): Promise<void>;
}

interface Waiting {
  job: PrintJob;
  resolve: (file: PrintedFile) => void;
  reject: (failure: PrintFailure) => void;
}

interface Thread {
  worker: Worker;
  ready: boolean;
  current: Waiting | null;
  timer: NodeJS.Timeout | null;
}

const START_LIMIT_MS = 60_000;

export function openPrinter(options: PrinterOptions = {}): Printer {
  const { threads: size = 1, limit_ms = 20_000, memory_mb = 384 } = options;
  const threads = new Set<Thread>();
  const queue: Waiting[] = [];
  let closed = false;

  const settle = (thread: Thread): Waiting | null => {
    if (thread.timer) clearTimeout(thread.timer);
    const waiting = thread.current;
    thread.timer = null;
    thread.current = null;
    return waiting;
  };

  const end = (thread: Thread, reason: PrintFailure['reason'], detail: string): void => {
    if (!threads.delete(thread)) return;
    settle(thread)?.reject(new PrintFailure(reason, detail));
    void thread.worker.terminate();
    pump();
  };

  const begin = (thread: Thread): void => {
    thread.timer = setTimeout(() => end(thread, 'timeout', `longer than ${limit_ms} ms`), limit_ms);
    thread.worker.postMessage(thread.current!.job);
  };

  const onAnswer = (thread: Thread, answer: ThreadAnswer): void => {
    if (answer.ready) {
      thread.ready = true;
      if (thread.timer) clearTimeout(thread.timer);
      begin(thread);
      return;
    }
    const waiting = settle(thread);
    thread.worker.unref();
    if ('printed' in answer) {
      const { pdf, ...rest } = answer.printed;
      const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
      waiting?.resolve({ pdf: bytes, sha256: createHash('sha256').update(bytes).digest('hex'), ...rest });
    } else {
      waiting?.reject(new PrintFailure('failed', answer.error));
    }
    pump();
  };

  const start = (waiting: Waiting): void => {
    const worker = startWorker(options.entry, memory_mb);
    const thread: Thread = { worker, ready: false, current: waiting, timer: null };
    thread.timer = setTimeout(() => end(thread, 'crashed', 'the thread did not start'), START_LIMIT_MS);
    worker.on('message', (answer: ThreadAnswer) => onAnswer(thread, answer));
    worker.on('error', (error) => end(thread, 'crashed', error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => end(thread, 'crashed', `the thread ended with code ${code}`));
    threads.add(thread);
  };

  const pump = (): void => {
    while (queue.length > 0 && !closed) {
      const idle = [...threads].find((thread) => thread.ready && thread.current === null);
      if (!idle && threads.size >= size) return;
      const waiting = queue.shift()!;
      if (!idle) {
        start(waiting);
        continue;
      }
      idle.current = waiting;
      idle.worker.ref();
      begin(idle);
    }
  };

  return {
    print: (job) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new PrintFailure('closed', 'the printer is closed'));
        queue.push({ job, resolve, reject });
        pump();
      }),
    async close() {
      closed = true;
      for (const waiting of queue.splice(0)) waiting.reject(new PrintFailure('closed', 'the printer was closed'));
      await Promise.all(
        [...threads].map((thread) => {
          threads.delete(thread);
          settle(thread)?.reject(new PrintFailure('closed', 'the printer was closed'));
          return thread.worker.terminate();
        }),
      );
    },
  };
}

/** Run from TypeScript sources, the thread registers their loader first; built, it needs nothing. */
function startWorker(entry: URL | undefined, memoryMb: number): Worker {
  const sources = import.meta.url.endsWith('.ts');
  const url = entry ?? new URL(sources ? './render-thread.ts' : './render-thread.js', import.meta.url);
  const options = { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: memoryMb } };
  if (!url.pathname.endsWith('.ts')) return new Worker(url, options);
  return new Worker(new URL('./from-sources.mjs', import.meta.url), { ...options, workerData: { entry: url.href } });
}
