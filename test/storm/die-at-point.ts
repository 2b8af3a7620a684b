/**
 * Lets a program of a storm die at a place that its parent names. It looks on as the program speaks with PostgreSQL; the
 * program's own code knows nothing of it.
 */
import pg from 'pg';
import { type KillPoint, killPoints } from './kill-points.ts';

let armed: KillPoint | null = null;
/** Whether the statement that must come first has come. */
let seen = false;

process.on('message', (message: { dieAt?: string | null }) => {
  if (message.dieAt === undefined) return;
  armed = killPoints.find(({ name }) => name === message.dieAt) ?? null;
  seen = false;
  process.send?.({ armed: message.dieAt });
});

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** The statements of the transaction under way, by connection. */
const sinceBegin = new WeakMap<object, string[]>();

type Query = (this: object, config: unknown, values?: unknown, callback?: unknown) => unknown;
const original = pg.Client.prototype.query as unknown as Query;

function watching(this: object, config: unknown, values?: unknown, callback?: unknown): unknown {
  const text = typeof config === 'string' ? config : ((config as { text?: string } | null)?.text ?? '');
  const heard = sinceBegin.get(this) ?? [];
  const isCommit = /^commit/i.test(text);
  if (/^begin/i.test(text)) sinceBegin.set(this, []);
  else heard.push(text);
  const point = armed;
  if (point === null) return original.call(this, config, values, callback);
  const commits = isCommit && heard.some((one) => point.statement.test(one));
  if (point.moment === 'before commit' && commits) die();
  if (point.moment === 'before next' && seen && point.statement.test(text)) die();
  const answered = (result: { rowCount?: number | null } | undefined) => {
    if (point.moment === 'after commit' && commits) die();
    if ((result?.rowCount ?? 0) === 0) return;
    if (point.moment === 'after statement' && point.statement.test(text)) die();
    if (point.seen?.test(text)) seen = true;
  };
  if (typeof callback === 'function') {
    return original.call(this, config, values, (error: unknown, result: never) => {
      if (!error) answered(result);
      callback(error, result);
    });
  }
  if (typeof values === 'function') {
    return original.call(this, config, (error: unknown, result: never) => {
      if (!error) answered(result);
      values(error, result);
    });
  }
  const answer = original.call(this, config, values, callback);
  if (answer instanceof Promise) {
    return answer.then((result) => {
      answered(result);
      return result;
    });
  }
  return answer;
}

pg.Client.prototype.query = watching as never;
