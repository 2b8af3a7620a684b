/** A mail server that knows how often it took each mail, and that lies when told to. Loopback, a free port. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/**
 * `sound` takes mails. `drops` says 250 and throws the mail away. `denies` keeps the mail and says 451.
 * `hangs_up` keeps the mail and closes the connection instead of answering.
 */
export type Manner = 'sound' | 'drops' | 'denies' | 'hangs_up';

export interface Heard {
  /** How often it said 250. */
  accepted: number;
  /** How often the whole mail had come and it hung up. */
  unanswered: number;
}

export interface StormMailServer {
  url: string;
  manner: Manner;
  /** Called when a mail has come, before it is answered. */
  onTaken: (() => void) | null;
  /** Mails that have come. */
  come: number;
  /** By Message-ID. */
  heard: Map<string, Heard>;
  close(): Promise<void>;
}

export async function startMailServer(): Promise<StormMailServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    converse(socket, (mail) => take(state, mail));
  });
  const state: StormMailServer = {
    url: '',
    manner: 'sound',
    onTaken: null,
    come: 0,
    heard: new Map(),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  state.url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}

/** @returns the reply, or null to hang up */
function take(state: StormMailServer, mail: string): string | null {
  const id = /^Message-ID: *(<[^>]+>)/im.exec(mail)?.[1] ?? 'none';
  state.come += 1;
  state.onTaken?.();
  const heard = state.heard.get(id) ?? { accepted: 0, unanswered: 0 };
  state.heard.set(id, heard);
  if (state.manner === 'denies') return '451 4.3.0 come again';
  if (state.manner === 'hangs_up') {
    heard.unanswered += 1;
    return null;
  }
  heard.accepted += 1;
  return '250 2.0.0 taken';
}

const END = '\r\n.\r\n';

function converse(socket: Socket, taken: (mail: string) => string | null): void {
  let buffer = '';
  let inData = false;
  const say = (line: string) => socket.write(`${line}\r\n`);
  const command = (line: string) => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'QUIT') return socket.end('221 bye\r\n');
    inData = verb === 'DATA';
    return say(inData ? '354 go on' : '250 ok');
  };
  socket.on('data', (chunk) => {
    buffer += chunk.toString('latin1');
    for (;;) {
      const mark = inData ? END : '\r\n';
      const end = buffer.indexOf(mark);
      if (end < 0) return;
      const text = buffer.slice(0, end);
      buffer = buffer.slice(end + mark.length);
      if (!inData) {
        command(text);
        continue;
      }
      inData = false;
      const reply = taken(text);
      if (reply === null) return void socket.destroy();
      say(reply);
    }
  });
  say('220 storm');
}
