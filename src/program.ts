/** What every program does the same way: read the log level, start, stop once on a signal, say in one line why not. */
import { createLog, type Log } from './log.ts';

const STOP_LIMIT_MS = 20_000;

export async function runProgram(name: string, start: (log: Log) => Promise<() => Promise<void>>): Promise<void> {
  const log = createLog(process.env.LOG_LEVEL ?? 'info', name);
  try {
    const stop = await start(log);
    let stopping = false;
    const end = (signal: string) => {
      if (stopping) return;
      stopping = true;
      log.info({ signal }, 'stopping');
      setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
      stop().then(
        () => process.exit(0),
        (err: unknown) => {
          log.error({ err }, 'did not stop cleanly');
          process.exit(1);
        },
      );
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
