/**
 * Sends requests made from the OpenAPI document to every route with every role, and checks each answer: no 5xx, no
 * status that the document does not name, the shape that it promises, nothing of anybody else's.
 */
import { routes } from '../../api/routes/index.ts';
import { type Random, random } from '../storm/random.ts';
import { type Asker, draw, nameOf } from './draw.ts';
import { Generator, type Schema } from './generate.ts';
import { judge } from './judge.ts';
import type { Pools } from './pools.ts';
import { type Answer, send } from './send.ts';

export interface FuzzOptions {
  url: string;
  /** Keys of every role of one organization. */
  askers: readonly Asker[];
  pools: Pools;
  /** The day it is in that organization. */
  today: string;
  requests: number;
  seed: number;
  concurrency?: number;
}

export interface FuzzResult {
  sent: number;
  byStatus: Record<string, number>;
  /** Routes that were never answered with success, and with what instead. */
  neverWell: Map<string, Record<string, number>>;
  faults: string[];
}

const noAnswer = (error: unknown): Answer => ({ status: 0, type: '', text: String(error), location: '' });

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { url, pools } = options;
  const document: Schema = JSON.parse(
    (await send(url, { path: '/openapi.json', headers: {}, body: null }, 'GET')).text,
  );
  const result: FuzzResult = { sent: 0, byStatus: {}, neverWell: new Map(), faults: [] };
  const refusals = new Map<string, Record<string, number>>();
  const well = new Set<string>();
  const seen = new Set<string>();
  const foreignIds = [...pools.foreign.values()].flat();
  let left = options.requests;
  const run = async (chance: Random) => {
    const generator = new Generator(document, chance, pools, options.today);
    while (left > 0 && result.faults.length < 20) {
      left -= 1;
      const { route, attempt } = draw(document, generator, options.askers);
      const name = nameOf(route);
      const answer = await send(url, attempt, route.method.toUpperCase()).catch(noAnswer);
      const { status, text } = answer;
      result.sent += 1;
      result.byStatus[status] = (result.byStatus[status] ?? 0) + 1;
      // A job that was taken on may still refuse.
      if (status >= 200 && status < 300 && status !== 202) well.add(name);
      else count(refusals, name, `${status} ${/"code":"(\w+)"/.exec(text)?.[1] ?? ''}`);
      const fault = judge(document, route, answer) ?? shown(foreignIds, route.path, attempt.body, answer);
      const signature = `${fault?.slice(0, 60)} ${name}`;
      if (fault && !seen.has(signature)) {
        seen.add(signature);
        const asked = `${name.split(' ')[0]} ${attempt.path} ${attempt.body?.slice(0, 600) ?? ''}`;
        result.faults.push(`${fault}: ${asked} → ${status} ${text.slice(0, 500)}`);
      }
      if (status < 300 && answer.type.includes('json') && text.length < 200_000)
        pools.learn(attempt.path, JSON.parse(text));
    }
  };
  const seeds = random(options.seed);
  await Promise.all(Array.from({ length: options.concurrency ?? 12 }, () => run(seeds.fork())));
  for (const name of routes.map(nameOf)) if (!well.has(name)) result.neverWell.set(name, refusals.get(name) ?? {});
  return result;
}

function shown(foreignIds: readonly string[], path: string, body: string | null, answer: Answer): string | null {
  if (answer.status >= 300 || !path.includes(':')) return null;
  const foreign = foreignIds.find((id) => answer.text.includes(id) && !body?.includes(id));
  return foreign ? `shows the foreign ${foreign}` : null;
}

function count(all: Map<string, Record<string, number>>, name: string, what: string): void {
  const counts = all.get(name) ?? {};
  all.set(name, counts);
  counts[what] = (counts[what] ?? 0) + 1;
}
