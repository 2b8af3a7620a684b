/** House rules: who may import whom, what stays pure, and a tree without dead files. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(path);
    return /\.(ts|mts)$/.test(entry.name) ? [path] : [];
  });
}

const source = ['src', 'api', 'workers', 'migrations'].flatMap(filesBelow);
const textOf = new Map(source.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

interface Import {
  file: string;
  to: string;
  typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\s+from\s+)?'([^']+)'|import\(\s*'([^']+)'\s*\)/g;
  for (const match of (textOf.get(file) as string).matchAll(pattern)) {
    const name = (match[2] ?? match[3]) as string;
    const to = name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)) : name;
    found.push({ file, to, typeOnly: match[1] !== undefined });
  }
  return found;
}

const imports = source.flatMap(importsOf);

/** The folder that a rule speaks of: `src/domain`, `api`, or the name of a package. */
function partOf(path: string): string {
  if (!textOf.has(path) && !path.startsWith('src/') && !path.startsWith('api/') && !path.startsWith('workers/')) {
    return path.startsWith('node:') ? 'node' : 'package';
  }
  const [top, second, third] = path.split('/') as [string, string?, string?];
  return top === 'src' && third !== undefined ? `src/${second}` : top === 'src' ? `src/${second}` : top;
}

/** What each folder may import, besides itself. Single files of `src/` are named whole. */
const allowed: Record<string, { parts: string[]; packages: 'none' | 'any' | string[] }> = {
  'src/domain': { parts: ['src/errors'], packages: ['node:assert', 'ibantools'] },
  'src/errors': { parts: [], packages: 'none' },
  'src/schemas': { parts: ['src/domain', 'src/errors'], packages: ['zod'] },
  'src/formats': { parts: ['src/domain', 'src/errors'], packages: 'any' },
  'src/store': { parts: ['src/domain', 'src/errors', 'src/schemas', 'src/context.ts', 'src/ids.ts'], packages: 'any' },
  'src/views': {
    parts: ['src/domain', 'src/errors', 'src/schemas', 'src/store', 'src/context.ts', 'src/formats'],
    packages: ['zod'],
  },
  'src/doctor': { parts: ['src/domain', 'src/store'], packages: ['node:fs', 'node:path', 'node:crypto'] },
  'src/jobs': {
    parts: ['src/domain', 'src/schemas', 'src/store', 'src/context.ts', 'src/ids.ts', 'src/errors'],
    packages: ['zod'],
  },
  'src/services': {
    parts: [
      'src/domain',
      'src/errors',
      'src/schemas',
      'src/store',
      'src/views',
      'src/jobs',
      'src/formats',
      'src/context.ts',
      'src/ids.ts',
    ],
    packages: ['zod', 'node:crypto', 'node:assert'],
  },
  'src/gateways': { parts: ['src/domain', 'src/errors', 'src/formats', 'src/schemas', 'src/log.ts'], packages: 'any' },
  migrations: { parts: [], packages: ['knex'] },
};

describe('imports', () => {
  it.each(Object.keys(allowed))('%s imports only what it may', (part) => {
    const rule = allowed[part] as (typeof allowed)[string];
    const wrong = imports
      .filter((one) => partOf(one.file) === part)
      .filter((one) => {
        const target = partOf(one.to);
        if (target === part) return false;
        if (target === 'node' || target === 'package') {
          return rule.packages === 'none' || (rule.packages !== 'any' && !rule.packages.includes(one.to));
        }
        return !rule.parts.includes(target);
      })
      .map((one) => `${one.file} imports ${one.to}`);
    expect(wrong).toEqual([]);
  });

  it('nothing imports the edges: api only from api, workers only from workers and the api’s doorbell', () => {
    const edges = ['api', 'workers'];
    const wrong = imports
      .filter((one) => edges.includes(partOf(one.to)) && partOf(one.file) !== partOf(one.to))
      .filter((one) => !(one.file.startsWith('api/') && /^workers\/(queue|relay)\.ts$/.test(one.to)))
      .filter((one) => !one.file.startsWith('src/embedded/'))
      .map((one) => `${one.file} imports ${one.to}`);
    expect(wrong).toEqual([]);
  });

  it('no file is dead: each is imported, or is a program, a migration or found by name', () => {
    const others = ['test', 'bench', 'scripts']
      .flatMap(filesBelow)
      .map((file) => readFileSync(join(root, file), 'utf8'));
    const elsewhere =
      others.join('\n') +
      readFileSync(join(root, 'package.json'), 'utf8') +
      readFileSync(join(root, 'scripts/start.mjs'), 'utf8');
    const imported = new Set(imports.map((one) => one.to));
    const dead = source.filter((file) => {
      if (imported.has(file) || file.startsWith('migrations/')) return false;
      const name = file.slice(file.lastIndexOf('/') + 1);
      const built = file.replace(/\.ts$/, '.js');
      if (elsewhere.includes(file) || elsewhere.includes(built)) return false;
      return ![...textOf].some(([other, text]) => other !== file && text.includes(`/${name}'`));
    });
    expect(dead).toEqual([]);
  });
});

/** Code without its comments and strings, so that prose may say what code may not do. */
function codeOf(file: string): string {
  return (textOf.get(file) as string)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:])\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
}

describe('purity', () => {
  const pure = source.filter((file) => file.startsWith('src/domain/'));
  it.each([
    ['reads no clock', /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b/],
    ['does nothing asynchronous', /\basync\b|\bawait\b|\bPromise\b|\bsetTimeout\b/],
    ['draws no lots', /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b/],
    ['reads no environment', /\bprocess\b/],
  ])('src/domain %s', (_name, pattern) => {
    expect(pure.filter((file) => pattern.test(codeOf(file)))).toEqual([]);
  });

  it('no civil day is cut out of an instant, and no money is a float, anywhere', () => {
    const wrong = source.filter((file) =>
      /toISOString\(\)\s*\.\s*(slice|substring|split)|\bparseFloat\(|\btoFixed\(/.test(codeOf(file)),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the tree', () => {
  it('has no folder that says nothing', () => {
    const wrong = source.filter(
      (file) =>
        /\/(utils?|helpers?|common|misc|types|lib)\//.test(file) ||
        /(Service|Manager|Impl|Dto|Helper|Utils?)\.ts$/i.test(file),
    );
    expect(wrong).toEqual([]);
  });

  it('has file names in kebab case and files of at most 500 lines', () => {
    expect(source.filter((file) => !/^[a-z0-9/_.-]+$/.test(file))).toEqual([]);
    expect(source.filter((file) => (textOf.get(file) as string).split('\n').length > 501)).toEqual([]);
  });

  it('numbers its migrations once each, and each table says what a row is', () => {
    const migrations = source.filter((file) => file.startsWith('migrations/'));
    expect(migrations.filter((file) => !/^migrations\/\d{4}_[a-z_]+\.ts$/.test(file))).toEqual([]);
    const numbers = migrations.map((file) => file.slice('migrations/'.length, 'migrations/'.length + 4));
    expect(new Set(numbers).size).toBe(numbers.length);
    const silent = migrations.flatMap((file) => {
      const text = textOf.get(file) as string;
      const tables = [...text.matchAll(/create (?:unlogged )?table (?:if not exists )?(\w+)/g)].map(
        (match) => match[1] as string,
      );
      return tables.filter((table) => !new RegExp(`comment on table ${table} is`).test(text));
    });
    expect(silent).toEqual([]);
  });
});
