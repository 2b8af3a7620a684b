/** What deployment files promise, checked against what the programs are and read: no container engine is needed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environment } from '../../src/config.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
  image: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string | number>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[]; interval: string; timeout: string; retries: number };
  ports?: string[];
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };
const services = compose.services;
const programs = Object.entries(services).filter(([, service]) => service.build !== undefined);
const servers = Object.entries(services).filter(([, service]) => service.build === undefined);
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;

/** Of the programs' variables, the one that makes no sense in a container: its own server's folder. */
const forNpmStart = ['DATA_DIR'];
/** Read by docker compose itself. */
const forCompose = ['POSTGRES_PASSWORD'];

function service(name: string): Service {
  const found = services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

/** The source of a built file. */
function sourceOf(built: string): string {
  return built.replace(/^dist\//, '').replace(/\.js$/, '.ts');
}

describe('docker-compose.yml', () => {
  it('brings up postgres, redis, mailpit, migrate, api and workers', () => {
    expect(Object.keys(services).sort()).toEqual(['api', 'mailpit', 'migrate', 'postgres', 'redis', 'workers']);
  });

  it.each(servers)('%s is an image of one exact version', (_name, { image }) => {
    expect(image).toMatch(/^[a-z/]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
  });

  it('has a PostgreSQL of a supported version, with the text rules of the embedded one', () => {
    expect(Number(/:(\d+)/.exec(service('postgres').image)?.[1])).toBeGreaterThanOrEqual(15);
    const made = String(service('postgres').environment?.POSTGRES_INITDB_ARGS);
    for (const word of made.split(' ')) expect(read('src/embedded/cluster.ts')).toContain(`'${word}'`);
  });

  it('keeps what is in Redis, and never lets it forget a key to make room', () => {
    expect(service('redis').command?.join(' ')).toBe('redis-server --appendonly yes --maxmemory-policy noeviction');
  });

  it.each(programs)('%s runs the built file that npm run runs', (name, { command }) => {
    expect(command?.join(' ')).toBe(scripts[name]);
    expect(existsSync(join(root, sourceOf(command?.[1] ?? '')))).toBe(true);
  });

  it.each(Object.entries(services).filter(([name]) => name !== 'migrate'))(
    '%s has a health check',
    (_name, service) => {
      expect(service.healthcheck?.test[0]).toBe('CMD');
      expect(service.healthcheck?.retries).toBeGreaterThan(0);
      const built = service.healthcheck?.test.find((word) => word.startsWith('dist/'));
      if (built !== undefined) expect(existsSync(join(root, sourceOf(built)))).toBe(true);
    },
  );

  it('migrates once the database answers, and starts the programs once that is done and the queue answers', () => {
    expect(service('migrate').depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    for (const name of ['api', 'workers']) {
      expect(service(name).depends_on).toEqual({
        postgres: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
        migrate: { condition: 'service_completed_successfully' },
      });
    }
  });

  it('gives the programs variables that they read, and none that they do not', () => {
    for (const [, { environment: given = {} }] of programs) {
      expect(Object.keys(given).filter((name) => !(name in environment))).toEqual([]);
    }
    const given = new Set(programs.flatMap(([, { environment: all = {} }]) => Object.keys(all)));
    // ENCRYPTION_KEY_FILE stands for ENCRYPTION_KEYS where secrets are files; the witness needs a disk that stays.
    const left = Object.keys(environment).filter((name) => !given.has(name));
    expect(left.sort()).toEqual([...forNpmStart, 'ENCRYPTION_KEY_FILE', 'RESTORE_WITNESS_FILE'].sort());
  });

  it('seals account numbers alike in the API and in the workers, with a key that must be set', () => {
    expect(service('api').environment?.ENCRYPTION_KEYS).toMatch(/^\$\{ENCRYPTION_KEYS:\?/);
    expect(service('workers').environment?.ENCRYPTION_KEYS).toBe(service('api').environment?.ENCRYPTION_KEYS);
  });

  it('opens ports on the loopback interface alone', () => {
    const ports = Object.values(services).flatMap((one) => one.ports ?? []);
    expect(ports).not.toEqual([]);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('asks for no variable that .env.example does not explain', () => {
    const asked = [...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name);
    const explained = variablesOf('.env.example');
    expect([...new Set(asked)].filter((name) => !explained.includes(name ?? ''))).toEqual([]);
  });
});

function variablesOf(file: string): string[] {
  return [...read(file).matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name ?? '');
}

describe('.env.example', () => {
  it('names exactly the variables that the programs and docker compose read, each once', () => {
    expect(variablesOf('.env.example').sort()).toEqual([...Object.keys(environment), ...forCompose].sort());
  });
});

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');

  it('builds on one exact version of Node that the engine supports', () => {
    const bases = lines.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1] ?? '');
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:(2[2-9])\.\d+\.\d+-[a-z]+-slim$/);
  });

  it('copies what is there, ignores the rest, and does not run as root', () => {
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    const kept = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect([...new Set(copied)].sort()).toEqual(kept.sort());
    for (const path of copied) expect(existsSync(join(root, path))).toBe(true);
    expect(lines).toContain('USER node');
  });
});
