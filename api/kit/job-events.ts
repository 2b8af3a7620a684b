/** Server-sent events of one job: its progress until it ends. */
import type { Request, Response } from 'express';
import type { ReadContext } from '../../src/context.ts';
import { findJob } from '../../src/views/jobs.ts';
import type { Api } from './api.ts';

const LOOK_EVERY_MS = 150;
const BEAT_EVERY_MS = 15_000;
/** A client that follows longer than this connects again. */
const LIMIT_MS = 600_000;

export async function streamJobEvents(
  ctx: ReadContext,
  id: string,
  { request, response }: { request: Request; response: Response; api: Api },
): Promise<void> {
  let job = await findJob(ctx, id, ctx.language);
  response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  response.flushHeaders();
  let gone = false;
  request.on('close', () => {
    gone = true;
  });
  const end = Date.now() + LIMIT_MS;
  let sent = '';
  let lastBeat = Date.now();
  while (!gone && Date.now() < end) {
    const data = JSON.stringify(job);
    if (data !== sent) {
      response.write(`event: job\ndata: ${data}\n\n`);
      sent = data;
    } else if (Date.now() - lastBeat > BEAT_EVERY_MS) {
      response.write(': still here\n\n');
      lastBeat = Date.now();
    }
    if (job.finished_at !== null) break;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    job = await findJob(ctx, id, ctx.language);
  }
  response.end();
}
