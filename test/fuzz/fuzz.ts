/**
 * Sends requests made from the OpenAPI document to every route with every role, and checks each answer: no 5xx, no
 * status that the document does not name, the shape that it promises, nothing of anybody else's.
 */
import type { Route } from '../../api/kit/route.ts';
import { routes } from '../../api/routes/index.ts';
import { random } from '../storm/random.ts';
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
  requests: number;
  seed: number;
  /** Requests in flight at once; where there is one only, the seed says the order as well. */
  atOnce: number;
  /** Before every so many thousands of requests. */
  begin(): Promise<void>;
  /** Looks at what they left behind. */
  examine(): Promise<void>;
  /** Told of each request and its answer. */
  tell?: (line: object) => void;
}

export interface FuzzResult {
  sent: number;
  byStatus: Record<string, number>;
  /** How often each route was answered well, by name. */
  well: Map<string, number>;
  /** With what else each was answered, and how often. */
  refused: Map<string, Record<string, number>>;
  faults: string[];
}

/** Requests between two looks at the rules. */
const PART = 5000;
const MOST_FAULTS = 20;

const noAnswer = (error: unknown): Answer => ({ status: 0, type: '', text: String(error), location: '' });

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { url, pools, requests } = options;
  const document: Schema = JSON.parse(
    (await send(url, { path: '/openapi.json', headers: {}, body: null }, 'GET')).text,
  );
  const result: FuzzResult = { sent: 0, byStatus: {}, well: new Map(), refused: new Map(), faults: [] };
  let missing: readonly Route[] = routes;
  const seen = new Set<string>();
  const foreignIds = [...pools.foreign.values()].flat();

  const ask = async (generator: Generator) => {
    const { route, attempt } = draw(document, generator, options.askers, missing);
    const name = nameOf(route);
    const answer = await send(url, attempt, route.method.toUpperCase()).catch(noAnswer);
    const { status, text } = answer;
    options.tell?.({ at: new Date().toISOString(), asked: name, ...attempt, answered: status, text });
    result.byStatus[status] = (result.byStatus[status] ?? 0) + 1;
    // A job that was taken on may still refuse.
    if (status >= 200 && status < 300 && status !== 202) {
      result.well.set(name, (result.well.get(name) ?? 0) + 1);
      missing = missing.filter((one) => one !== route);
    } else count(result.refused, name, `${status} ${/"code":"(\w+)"/.exec(text)?.[1] ?? ''}`);
    const fault = judge(document, route, answer) ?? shown(foreignIds, route.path, attempt.body, answer);
    const signature = `${fault?.slice(0, 60)} ${name}`;
    if (fault && !seen.has(signature)) {
      seen.add(signature);
      const asked = `${name.split(' ')[0]} ${attempt.path} ${attempt.body?.slice(0, 600) ?? ''}`;
      result.faults.push(`${fault}: ${asked} → ${status} ${text.slice(0, 500)}`);
    }
    if (status === 401) pools.forgetSession(attempt.headers.authorization?.slice('Bearer '.length) ?? '');
    if (status < 300 && answer.type.includes('json') && text.length < 200_000)
      pools.learn(attempt.path, JSON.parse(text));
  };

  const seeds = random(options.seed);
  const generators = Array.from({ length: options.atOnce }, () => new Generator(document, seeds.fork(), pools));
  const isWorthwhile = () => result.faults.length < MOST_FAULTS;
  while (result.sent < requests && isWorthwhile()) {
    const end = Math.min(result.sent + PART, requests);
    const run = async (generator: Generator) => {
      while (result.sent < end && isWorthwhile()) {
        result.sent += 1;
        await ask(generator);
      }
    };
    await options.begin();
    await Promise.all(generators.map(run));
    await options.examine();
  }
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
