/** The asking side of a benchmark over HTTP, in a process of its own: so many connections, each one request after another. */
import { Agent, request } from 'node:http';
import type { Load } from './ask.ts';

process.once('message', async (load: Load) => {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections });
  const { hostname, port } = new URL(load.url);
  let answered = 0;
  let failed = 0;
  let next = 0;
  const once = () =>
    new Promise<void>((resolve) => {
      const path = load.paths[next++ % load.paths.length] as string;
      const headers =
        load.body === null ? load.headers : { ...load.headers, 'content-length': String(Buffer.byteLength(load.body)) };
      const call = request({ agent, hostname, port, path, method: load.method, headers }, (response) => {
        response.resume();
        response.on('end', () => {
          if (response.statusCode !== undefined && response.statusCode < 300) answered += 1;
          else failed += 1;
          resolve();
        });
      });
      call.on('error', () => {
        failed += 1;
        resolve();
      });
      call.end(load.body ?? undefined);
    });
  const during = async (ms: number) => {
    const end = performance.now() + ms;
    await Promise.all(
      Array.from({ length: load.connections }, async () => {
        while (performance.now() < end) await once();
      }),
    );
  };
  await during(1000);
  answered = 0;
  const started = performance.now();
  await during(load.ms);
  process.send?.({ rate: (answered * 1000) / (performance.now() - started), failed });
  agent.destroy();
});
