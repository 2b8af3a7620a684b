/** One request, as it is: nothing is added, nothing is followed. */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';

export interface Attempt {
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

export interface Answer {
  status: number;
  type: string;
  text: string;
  location: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 32 });

export function send(base: string, { path, headers, body }: Attempt, method: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = httpRequest(
      `${base}${path}`,
      { method, headers: { ...headers, ...length }, agent },
      (response: IncomingMessage) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString(),
            location: response.headers.location ?? '',
          }),
        );
      },
    );
    request.setTimeout(180_000, () => request.destroy(new Error('no answer within three minutes')));
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}
