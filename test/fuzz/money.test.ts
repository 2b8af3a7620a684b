/**
 * Three members, and whatever a desk, a bank and a night can do to their money, again and again: what seldom meets where
 * everything is asked for meets here. Several acts at once, and one after the other; jobs end when they end, so that even then a seed
 * says what is asked for, and not quite what it meets.
 */
import { createWriteStream } from 'node:fs';
import { expect, it } from 'vitest';
import type { Day } from '../../src/domain/day.ts';
import { startTestEngine, type TestEngine } from '../harness/engine.ts';
import { random } from '../storm/random.ts';
import { nameOf } from './draw.ts';
import { expectRules, PATIENT } from './expect-rules.ts';
import { judge } from './judge.ts';
import { type Act, drawAct, type Story } from './money-acts.ts';
import { moneyWorld, TODAY } from './money-world.ts';
import { send } from './send.ts';

const { MONEY_ACTS, MONEY_SEED, MONEY_AT_ONCE, MONEY_ROUNDS, MONEY_LOG } = process.env;
const seed = Number(MONEY_SEED ?? 20_100_802);
const rounds =
  MONEY_ACTS === undefined
    ? [
        { seed, acts: 200, atOnce: 1 },
        { seed, acts: 500, atOnce: 8 },
      ]
    : Array.from({ length: Number(MONEY_ROUNDS ?? 1) }, (_, at) => ({
        seed: seed + at,
        acts: Number(MONEY_ACTS),
        atOnce: Number(MONEY_AT_ONCE ?? 1),
      }));
/** Acts between two looks at the rules. */
const PART = 250;
const PREVIEWS = 0.1;

process.env.LOG_LEVEL ??= 'error';

it.each(rounds)(
  'money in any order: seed $seed, $acts acts, $atOnce at once',
  { timeout: 3_600_000 },
  async ({ seed, acts, atOnce }) => {
    const log = MONEY_LOG ? createWriteStream(MONEY_LOG, { flags: 'a' }) : null;
    const engine = await startTestEngine({ sessionParameters: PATIENT });
    try {
      await disturb(engine, { seed, acts, atOnce, tell: (line) => log?.write(`${line}\n`) });
    } finally {
      await engine.stop();
      log?.end();
    }
  },
);

interface Plan {
  seed: number;
  acts: number;
  atOnce: number;
  tell(line: string): void;
}

async function disturb(engine: TestEngine, { seed, acts, atOnce, tell }: Plan): Promise<void> {
  const chance = random(seed);
  const { desk, plans } = await moneyWorld(engine, chance);
  const { body: document } = await desk.get('/openapi.json');
  const byStatus: Record<string, number> = {};
  let today = TODAY as Day;
  let done = 0;

  const act = async ({ route, id = '', body, file }: Act, isPreview: boolean, key: string) => {
    const { parameters = [] } = document.paths[route.path.replace(':id', '{id}')][route.method];
    const isShown = isPreview && parameters.some(({ name }: { name: string }) => name === 'dry_run');
    const path = `${route.path.replace(':id', id)}${isShown ? '?dry_run=true' : ''}`;
    const headers: Record<string, string> = {
      authorization: `Bearer ${desk.key}`,
      'idempotency-key': key,
      prefer: 'wait=30',
      'content-type': file ? 'application/xml' : 'application/json',
    };
    const asked = file ?? (body === undefined ? null : JSON.stringify(body));
    const answer = await send(engine.url, { path, headers, body: asked }, route.method.toUpperCase());
    const told = `${nameOf(route)} ${path} ${asked ?? ''} → ${answer.status} ${answer.text.slice(0, 500)}`;
    tell(`${today} ${told}`);
    byStatus[answer.status] = (byStatus[answer.status] ?? 0) + 1;
    expect(judge(document, route, answer), told).toBeNull();
    if (nameOf(route) === 'POST /v1/test_clock/advance' && answer.status === 200)
      ({ today } = (await desk.get('/v1/organization')).body);
  };

  const stories = Array.from({ length: atOnce }, (): Omit<Story, 'today'> => {
    return { database: engine.database, organization: desk.organization.id, plans, chance: chance.fork() };
  });
  while (done < acts) {
    const end = Math.min(done + PART, acts);
    const go = async (story: Omit<Story, 'today'>) => {
      while (done < end) {
        const drawn = await drawAct({ ...story, today });
        if (!drawn) continue;
        done += 1;
        await act(drawn, story.chance.chance(PREVIEWS), `${seed}-${done}`);
      }
    };
    await Promise.all(stories.map(go));
    await expectRules(engine);
  }
  process.stderr.write(`money: seed ${seed}, ${done} acts: ${JSON.stringify(byStatus)}\n`);
}
