/** A database of one's own for a test file: migrated, empty, gone when the file is done. */
import pg from 'pg';
import { afterAll, inject } from 'vitest';

export interface FreshDatabase {
  url: string;
  name: string;
}

const made: string[] = [];
let count = 0;

/**
 * Copies the migrated template, or makes an empty database (`{ migrated: false }`). Close every connection to it
 * before the file ends.
 */
export async function freshDatabase({ migrated = true } = {}): Promise<FreshDatabase> {
  const { url, template, prefix } = inject('testServer');
  count += 1;
  const name = `${prefix}_${process.pid}_${count}`;
  await onServer(url, `create database ${name} template ${migrated ? template : 'template0'}`);
  made.push(name);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, name };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Drops what this file made; what a test left open is cut off. */
afterAll(async () => {
  for (const name of made.splice(0)) await onServer(inject('testServer').url, `drop database ${name} with (force)`);
});
