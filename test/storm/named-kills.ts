/** Kills one process at each named place while what leads there is asked for; then looks at what is there. */
import { connectDatabase } from '../../src/store/database.ts';
import { closing, later } from './closing.ts';
import { Errands } from './errands.ts';
import { Fleet, type Member, type Part } from './fleet.ts';
import { type KillPoint, killPoints } from './kill-points.ts';
import { startMailServer } from './mail-server.ts';
import { random } from './random.ts';
import { settle } from './settle.ts';
import { until } from './until.ts';
import { countRows, type Findings, isAccepted, verify } from './verify.ts';
import { makeWorld } from './world.ts';

export interface NamedKillOptions {
  databaseUrl: string;
  redisUrl?: string | undefined;
  /** All of them unless given. */
  points?: readonly KillPoint[];
  say?: (line: string) => void;
}

export interface NamedKillResult extends Findings {
  /** Places at which a process died. */
  died: string[];
  accepted: number;
}

/** How long a machine that is busy with other things may take to start programs, or to come to a place. */
const PATIENCE_MS = 180_000;

export const runNamedKills = (options: NamedKillOptions): Promise<NamedKillResult> =>
  closing((closes) => namedKillsOf(options, closes));

async function namedKillsOf(
  options: NamedKillOptions,
  closes: (step: () => Promise<unknown>) => void,
): Promise<NamedKillResult> {
  const { databaseUrl, redisUrl, points = killPoints, say } = options;
  const database = connectDatabase(databaseUrl, { max: 4, application: 'storm' });
  closes(() => database.destroy());
  const mails = await startMailServer();
  closes(() => mails.close());
  const fleet = await Fleet.start({
    databaseUrl,
    redisUrl,
    smtpUrl: mails.url,
    counts: { worker: 3, relay: 1, api: 2 },
    instead: { worker: 'dyingWorkers', relay: 'dyingWorkers', api: 'dyingApi' },
  });
  closes(() => fleet.stop());
  const died: string[] = [];
  try {
    const world = await makeWorld(database, fleet.urls(), random(1), 4);
    const before = await countRows(database);
    const errands = new Errands(fleet.urls(), world);
    const running: Promise<void>[] = [];
    const strike = async (name: string, members: readonly Member[], errand: () => Promise<void>) => {
      const death = firstDeath(members, name);
      running.push(later(errand()));
      const dead = await death;
      died.push(name);
      say?.(`died: ${name}`);
      await fleet.arm(
        members.filter(({ child }) => child !== dead),
        null,
      );
    };
    /** All of them, once they run: one that came later would do the work, and would not have been told to die. */
    const everyOne = async (parts: readonly Part[]): Promise<Member[]> => {
      const members = parts.flatMap((part) => fleet.of(part));
      await until(`every ${parts} runs`, () => members.every(({ isReady }) => isReady), PATIENCE_MS, 20);
      return members;
    };
    for (const { name, part, errand } of points) {
      // An API rings as well.
      const members = await everyOne(part === 'relay' ? ['relay', 'api'] : [part]);
      await fleet.arm(members, name);
      await strike(name, members, () => errands.run(errand));
    }
    // The mail is taken, and the worker dies before it hears so.
    for (const name of ['a mail taken: before the server says so', 'a mail taken: as the server says so']) {
      const members = await everyOne(['worker']);
      mails.onTaken = () => {
        mails.onTaken = null;
        for (const { child } of members) child.kill('SIGKILL');
      };
      await strike(name, members, () => errands.run('remind'));
    }
    await Promise.all(running);
    await settle(database);
    return {
      ...(await verify(database, world, errands.result, before, mails.heard)),
      died,
      accepted: errands.result.settled.filter(isAccepted).length,
    };
  } catch (error) {
    say?.(fleet.lastWords());
    throw error;
  }
}

/** The process of the first of them that dies. */
function firstDeath(members: readonly Member[], name: string): Promise<Member['child']> {
  const children = members.map(({ child }) => child);
  return new Promise((resolve, reject) => {
    const listeners = children.map((child) => ({ child, heard: () => end(() => resolve(child)) }));
    const limit = setTimeout(() => end(() => reject(new Error(`nobody died: ${name}`))), PATIENCE_MS);
    const end = (tell: () => void) => {
      clearTimeout(limit);
      for (const { child, heard } of listeners) child.off('exit', heard);
      tell();
    };
    for (const { child, heard } of listeners) child.once('exit', heard);
  });
}
