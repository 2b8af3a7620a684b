/** Ports of this machine: which is free, and whether one is taken. */
import { createServer } from 'node:net';
import { StartFailure, systemCode } from './start-failure.ts';

/** Opens the port, closes it again and answers its number; `port` 0 lets the system choose a free one. */
function tryPort(port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.unref();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const chosen = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(chosen));
    });
  });
}

/** A port of the loopback interface that nobody listens on at this moment. */
export function findFreePort(): Promise<number> {
  return tryPort(0, '127.0.0.1');
}

/** Stops with one line when the port cannot be opened on every interface, or on `host` alone. */
export async function requireFreePort(port: number, host?: string): Promise<void> {
  try {
    await tryPort(port, host);
  } catch (error) {
    throw portFailure(port, error);
  }
}

/** Why a port could not be opened, in one line. */
export function portFailure(port: number, error: unknown): StartFailure {
  const code = systemCode(error);
  if (code === 'EADDRINUSE') {
    return new StartFailure(`Port ${port} is taken by another program. Choose another one with PORT=${port + 1}.`);
  }
  if (code === 'EACCES') {
    return new StartFailure(`Port ${port} may not be opened by this user. Choose another one with PORT=3000.`);
  }
  return new StartFailure(`Port ${port} cannot be opened: ${error instanceof Error ? error.message : String(error)}.`);
}

/** The number that PORT says, or one line on why it is none. */
export function readPort(text: string | undefined, otherwise: number): number {
  if (text === undefined || text.trim() === '') return otherwise;
  const port = Number(text);
  if (!/^\d+$/.test(text.trim()) || port < 1 || port > 65_535) {
    throw new StartFailure(`PORT must be a number from 1 to 65535, not "${text}".`);
  }
  return port;
}
