/** A mail server that misbehaves on command, one line of the protocol at a time. Loopback, a free port. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/**
 * What the server does at a step: a reply, the same after a while, or one of the ways to fail.
 * `stall` says nothing, `die` drops the connection, `trickle` sends one line of an endless reply after another.
 */
export type Act = string | { reply: string; after_ms: number } | 'stall' | 'die' | 'trickle';

export interface Script {
  greeting?: Act;
  ehlo?: Act;
  auth?: Act;
  mail?: Act;
  /** A list is used up one per recipient, its last entry stays. */
  rcpt?: Act | Act[];
  data?: Act;
  /** After so many bytes of the message, before its end: what happens. */
  within?: { bytes: number; act: Act };
  /** The reply to the end of the message. */
  end?: Act | Act[];
  /** After the reply to the end of a message. */
  afterwards?: Act;
}

export interface ScriptedServer {
  url: string;
  /** Messages whose end arrived, whether or not they were answered. */
  messages: string[];
  recipients: string[];
  connections: number;
  script: Script;
  close(): Promise<void>;
}

export async function startScriptedServer(script: Script = {}): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  const state: ScriptedServer = {
    url: '',
    messages: [],
    recipients: [],
    connections: 0,
    script,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer((socket) => {
    state.connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    serve(socket, state);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  state.url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}

function next(acts: Act | Act[] | undefined, otherwise: Act): Act {
  if (!Array.isArray(acts)) return acts ?? otherwise;
  return (acts.length > 1 ? acts.shift() : acts[0]) ?? otherwise;
}

function serve(socket: Socket, state: ScriptedServer): void {
  let buffer = '';
  let inData = false;
  let withinDone = false;

  function act(what: Act): void {
    if (what === 'stall') return;
    if (what === 'die') {
      socket.destroy();
    } else if (what === 'trickle') {
      const timer = setInterval(() => socket.write('250-still thinking\r\n'), 10);
      socket.on('close', () => clearInterval(timer));
    } else if (typeof what === 'string') {
      // A reply without its line end is what a dying server leaves behind.
      socket.write(what.endsWith('<EOF>') ? what.slice(0, -5) : `${what}\r\n`);
      if (what.endsWith('<EOF>')) socket.end();
    } else {
      setTimeout(() => socket.write(`${what.reply}\r\n`), what.after_ms);
    }
  }

  function command(line: string): void {
    const { script } = state;
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') act(script.ehlo ?? (script.auth ? '250-hello\r\n250 AUTH PLAIN' : '250 hello'));
    else if (verb === 'AUTH') act(script.auth ?? '235 ok');
    else if (verb === 'MAIL') act(script.mail ?? '250 2.1.0 ok');
    else if (verb === 'RCPT') {
      state.recipients.push(line.slice(9, -1));
      act(next(script.rcpt, '250 2.1.5 ok'));
    } else if (verb === 'DATA') {
      inData = (script.data ?? '354').toString().startsWith('354');
      act(script.data ?? '354 go on');
    } else if (verb === 'QUIT') {
      act('221 bye');
      socket.end();
    } else act(verb === 'RSET' ? '250 ok' : '502 5.5.1 not here');
  }

  socket.on('data', (chunk) => {
    buffer += chunk.toString('latin1');
    for (;;) {
      if (inData) {
        const { within } = state.script;
        if (within && !withinDone && buffer.length >= within.bytes) {
          withinDone = true;
          act(within.act);
          if (within.act === 'die') return;
        }
        const end = buffer.startsWith('.\r\n') ? 0 : buffer.indexOf('\r\n.\r\n');
        if (end < 0) return;
        state.messages.push(buffer.slice(0, end).replace(/^\.\./gm, '.'));
        buffer = buffer.slice(end + (end === 0 ? 3 : 5));
        inData = false;
        act(next(state.script.end, '250 2.0.0 queued as A1B2C3'));
        if (state.script.afterwards) act(state.script.afterwards);
        continue;
      }
      const end = buffer.indexOf('\r\n');
      if (end < 0) return;
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      command(line);
    }
  });
  act(state.script.greeting ?? '220 scripted ESMTP');
}
