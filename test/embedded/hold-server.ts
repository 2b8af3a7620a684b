/** A program for the tests: starts a server in the folder it is given, says so in one line of JSON, and holds it. */
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { StartFailure } from '../../src/embedded/start-failure.ts';

const [directory = '', ...words] = process.argv.slice(2);

async function hold(): Promise<void> {
  const server = await startEmbeddedPostgres({
    directory,
    durability: 'full',
    database: 'held',
    temporary: words.includes('temporary'),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  process.stdout.write(`${JSON.stringify({ url: server.url, pid: server.pid, folder: server.folder })}\n`);
}

hold().catch((error: unknown) => {
  process.stderr.write(`${error instanceof StartFailure ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
