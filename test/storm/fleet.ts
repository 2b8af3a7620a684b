/** The engine's programs as processes of their own, to be killed, frozen, and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '../../src/embedded/ports.ts';
import { bundledPrograms, type Programs } from './programs.ts';
import { until } from './until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A key that seals the accounts of a storm, for its programs and for who looks at them afterwards; never used outside. */
process.env.ENCRYPTION_KEYS ??= `storm:${Buffer.alloc(32, 9).toString('base64')}`;

export type Part = 'worker' | 'relay' | 'api';

const starts: Record<Part, { program: keyof Programs; words: readonly string[]; ready: string }> = {
  worker: { program: 'workers', words: ['--only=workers'], ready: 'workers started' },
  relay: { program: 'workers', words: ['--only=relay'], ready: 'workers started' },
  api: { program: 'api', words: [], ready: 'the API listens' },
};

export interface FleetOptions {
  databaseUrl: string;
  redisUrl?: string | undefined;
  /** Empty where no mails are to leave. */
  smtpUrl: string;
  /** How many of each run at once. */
  counts: Record<Part, number>;
  /** Another program in the place of a part's own. */
  instead?: Partial<Record<Part, keyof Programs>>;
  environmentOf?: (member: Member) => NodeJS.ProcessEnv;
}

/** One place in the fleet: a process, and after its death the next one. */
export interface Member {
  part: Part;
  /** Its number among those of its part. */
  place: number;
  /** The address, of an API. */
  url: string | null;
  child: ChildProcess;
  isReady: boolean;
  /** What its processes last said, for the report of a failure. */
  said: string[];
  starts: number;
}

export class Fleet {
  readonly members: Member[] = [];
  private readonly options: FleetOptions;
  private readonly programs: Programs;
  private stopped = false;
  private isKilling: ChildProcess | null = null;

  private constructor(options: FleetOptions, programs: Programs) {
    this.options = options;
    this.programs = programs;
  }

  static async start(options: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(options, await bundledPrograms());
    for (const part of ['api', 'worker', 'relay'] as const) {
      for (let at = 0; at < options.counts[part]; at += 1) {
        const url = part === 'api' ? `http://127.0.0.1:${await findFreePort()}` : null;
        const member: Member = { part, place: at, url, child: null as never, isReady: false, said: [], starts: 0 };
        fleet.members.push(member);
        fleet.begin(member);
      }
    }
    try {
      await fleet.ready();
    } catch (error) {
      await fleet.stop();
      throw new Error(`${String(error)}\n${fleet.lastWords()}`);
    }
    return fleet;
  }

  of(part: Part): Member[] {
    return this.members.filter((member) => member.part === part);
  }

  urls(): string[] {
    return this.of('api').map((member) => member.url as string);
  }

  async ready(): Promise<void> {
    await until('all programs are ready', () => this.members.every((member) => member.isReady), 240_000, 10);
  }

  /** Tells them at which place to die, or that they need not; resolves when those that live have heard. */
  async arm(members: readonly Member[], dieAt: string | null): Promise<void> {
    await Promise.all(
      members.map(
        ({ child }) =>
          new Promise<void>((resolve) => {
            const heard = () => {
              child.off('message', heard).off('exit', heard);
              resolve();
            };
            child.once('message', heard).once('exit', heard);
            if (child.connected) child.send({ dieAt }, () => undefined);
            else heard();
          }),
      ),
    );
  }

  /** kill -9, and another in its place at once. */
  async kill(member: Member): Promise<void> {
    this.isKilling = member.child;
    await end(member.child);
    this.begin(member);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.members.map((member) => end(member.child)));
  }

  /** Errors that the programs logged: broken requests and broken jobs. */
  errors(): string[] {
    return this.members.flatMap((member) => member.said.filter((line) => line.includes('"level":50')));
  }

  /** The last words of every process, for a failure that needs explaining. */
  lastWords(): string {
    return this.members.map((member) => `${member.part}: ${member.said.slice(-5).join('\n  ')}`).join('\n');
  }

  private begin(member: Member): void {
    if (this.stopped) return;
    const { databaseUrl, redisUrl, smtpUrl, environmentOf, instead } = this.options;
    const { program, words, ready } = starts[member.part];
    const file = this.programs[instead?.[member.part] ?? program];
    const child = spawn(process.execPath, ['--import', './test/storm/end-with-parent.mjs', file, ...words], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TMPDIR: process.env.TMPDIR,
        DATABASE_URL: databaseUrl,
        REDIS_URL: redisUrl ?? '',
        PORT: member.url ? new URL(member.url).port : '0',
        DATABASE_POOL: '8',
        WORKER_CONCURRENCY: '6',
        RATE_LIMIT_PER_MINUTE: '1000000',
        ...(smtpUrl ? { SMTP_URL: smtpUrl, MAIL_FROM: 'desk@club.example' } : {}),
        ENCRYPTION_KEYS: process.env.ENCRYPTION_KEYS,
        ...environmentOf?.(member),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    member.child = child;
    member.isReady = false;
    member.starts += 1;
    const hear = (line: string) => {
      member.said.push(line);
      member.said.splice(0, Math.max(0, member.said.length - 40));
      const isAlive = child.exitCode === null && child.signalCode === null;
      if (child === member.child && isAlive && line.includes(ready)) member.isReady = true;
    };
    for (const input of [child.stdout, child.stderr]) if (input) createInterface({ input }).on('line', hear);
    child.once('exit', (code) => {
      if (child !== member.child || this.stopped || (code === null && this.isKilling === child)) return;
      // It ended by itself: at a place where it was to die, or because the database was away while it started.
      member.isReady = false;
      setTimeout(() => {
        if (child === member.child && !this.stopped) this.begin(member);
      }, 200);
    });
  }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
