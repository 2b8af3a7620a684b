/** Makes values from the JSON schemas of the OpenAPI document: valid ones, and ones that are nearly valid or hostile. */
import type { Random } from '../storm/random.ts';
import type { Pools } from './pools.ts';

// biome-ignore lint/suspicious/noExplicitAny: a JSON schema is looked into key by key.
export type Schema = any;
export type Value = unknown;

/** Accounts of no one, right in every digit. */
export const ibans = ['FR7630006000011234567890189', 'CH9300762011623852957', 'DE89370400440532013000'];

const hostileTexts = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e',
  'x'.repeat(5000),
  "'; drop table job; --",
  '%s%n',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '2010-02-30',
  '0000-00-00',
  '9999-12-31',
  '-1',
  'NaN',
  '__proto__',
  '😀'.repeat(300),
];
const hostileValues: Value[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  9_007_199_254_740_992,
  2_147_483_648,
  [],
  {},
  [[[[]]]],
  { constructor: { prototype: 1 } },
  ...hostileTexts,
];

/** Addresses that no mail goes to, as many as there are in the world of the fuzz. */
export const SUPPRESSED = 300;
export const suppressed = (at: number) => `refused.${at}@example.org`;

export class Generator {
  readonly chance: Random;
  readonly ids: Pools;
  private readonly document: Schema;
  /** Whether the request is meant to be answered well: days near today, ids that exist and belong together. */
  private isSensible = false;
  private named: string[] = [];

  constructor(document: Schema, chance: Random, ids: Pools) {
    this.document = document;
    this.chance = chance;
    this.ids = ids;
  }

  begin(isSensible: boolean): void {
    this.isSensible = isSensible;
    this.named = [];
  }

  /** The object that the path of a sensible request names. */
  get subject(): string {
    return this.named.at(-1) ?? '';
  }

  resolve(schema: Schema): Schema {
    let here = schema;
    while (here?.$ref) {
      here = here.$ref
        .slice(2)
        .split('/')
        .reduce((at: Schema, part: string) => at[part], this.document);
    }
    return here ?? {};
  }

  valid(given: Schema, name = ''): Value {
    const schema = this.resolve(given);
    const { chance } = this;
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return chance.pick(schema.enum);
    const choice = schema.anyOf ?? schema.oneOf;
    if (choice) return this.valid(chance.pick(choice), name);
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((one: Schema) => this.valid(one, name)));
    const type = Array.isArray(schema.type) ? chance.pick(schema.type as string[]) : schema.type;
    switch (type) {
      case 'null':
        return null;
      case 'boolean':
        return chance.chance(0.5);
      case 'integer':
      case 'number':
        return this.number(schema);
      case 'array': {
        const count = chance.int(schema.minItems ?? 0, Math.min(schema.maxItems ?? 3, 3));
        return Array.from({ length: count }, () => this.valid(schema.items ?? {}, name));
      }
      case 'string':
        return this.text(schema, name);
      default:
        return schema.properties ? this.object(schema) : {};
    }
  }

  private object(schema: Schema): Value {
    const made: Record<string, Value> = {};
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (schema.required?.includes(name) || this.chance.chance(0.35)) made[name] = this.valid(property, name);
    }
    return made;
  }

  private number(schema: Schema): number {
    const low = schema.minimum ?? (schema.exclusiveMinimum === undefined ? -1000 : schema.exclusiveMinimum + 1);
    const high = Math.min(schema.maximum ?? 10_000, low + this.chance.pick([0, 3, 50, 10_000]));
    return this.chance.int(low, Math.max(low, high));
  }

  private text(schema: Schema, name: string): string {
    const { chance } = this;
    if (schema.format === 'date') return this.isSensible ? this.dayFor(name) : this.day();
    if (schema.format === 'date-time') return `${this.near(30, 300)}T12:00:00Z`;
    const prefix = /^\^([a-z]{2,4})_/.exec(schema.pattern ?? '')?.[1];
    if (prefix) return this.id(prefix);
    if (/a-z\]\{2,4\}_/.test(schema.pattern ?? '')) return this.id(chance.pick([...this.ids.own.keys()]));
    if (schema.pattern === '^[A-Z]{3}$') return chance.pick(['EUR', 'CHF']);
    if (name === 'timezone') return 'Europe/Paris';
    if (name === 'iban') return chance.pick(ibans);
    if (name.includes('email')) return this.isSensible ? this.email() : 'anne@example.org';
    if (name === 'badge') return this.badge();
    if (name === 'address' && this.isSensible) return suppressed(chance.int(1, SUPPRESSED));
    const most = Math.min(schema.maxLength ?? 40, 40);
    return 'Anne Martin à côté du stade, deuxième porte'.slice(0, Math.max(schema.minLength ?? 1, chance.int(1, most)));
  }

  private day(): string {
    const month = String(this.chance.int(1, 12)).padStart(2, '0');
    return `${this.chance.int(2009, 2012)}-${month}-${String(this.chance.int(1, 28)).padStart(2, '0')}`;
  }

  /** A day between so many days before or after today. */
  near(from: number, to: number): string {
    return new Date(Date.parse(this.ids.today) + this.chance.int(from, to) * 86_400_000).toISOString().slice(0, 10);
  }

  email(): string {
    return `anne.${this.chance.int(0, 1e9)}@example.org`;
  }

  badge(): string {
    return `F${this.chance.int(1, 40)}`;
  }

  private dayFor(name: string): string {
    if (/paid_on|signed_on|received_on|birth_on|from_on/.test(name)) return this.near(-40, 0);
    if (/until|ends|to_on|due|review/.test(name)) return this.near(5, 90);
    if (name === 'on') return this.near(-1, 3);
    return this.near(-10, 40);
  }

  /** @param wanted kinds and states of which a sensible request names one. */
  id(prefix: string, wanted: readonly string[] = []): string {
    const { chance, ids } = this;
    if (this.isSensible) {
      const known = ids.sensible(prefix, this.named, chance, wanted);
      if (known) this.named.push(known);
      if (known) return known;
    }
    const pool = chance.chance(0.85) ? ids.own.get(prefix) : ids.foreign.get(prefix);
    if (pool && pool.length > 0 && chance.chance(0.92)) return chance.pick(pool);
    const letters = Array.from({ length: 25 }, () => chance.pick([...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'])).join('');
    return `${prefix}_0${letters}`;
  }

  /** The line of a debit, most often of one that is with the bank. */
  debit(): string {
    const flying = this.ids.inState('lin', ['in_flight']);
    return flying.length > 0 && this.chance.chance(0.7) ? this.chance.pick(flying) : this.id('lin');
  }

  /** One that is known to have ended, or that does not exist. */
  endedJob(): string {
    const ended = this.ids.inState('job', ['done', 'failed', 'discarded']);
    return ended.length > 0 && this.chance.chance(0.8) ? this.chance.pick(ended) : this.id('zzz');
  }

  hostile(): Value {
    return this.chance.pick(hostileValues);
  }

  /** A valid value with one place spoilt. */
  spoilt(value: Value): Value {
    const { chance } = this;
    if (value === null || typeof value !== 'object' || chance.chance(0.15)) return this.hostile();
    if (Array.isArray(value)) {
      return value.length > 0 ? value.map((one, at) => (at === 0 ? this.spoilt(one) : one)) : [this.hostile()];
    }
    const made: Record<string, Value> = { ...value };
    const names = Object.keys(made);
    if (names.length === 0 || chance.chance(0.15)) {
      made[chance.pick(['unknown', 'id', '__proto__', 'organization_id', 'x'.repeat(300)])] = this.hostile();
    } else {
      const name = chance.pick(names);
      if (chance.chance(0.25)) delete made[name];
      else made[name] = chance.chance(0.5) ? this.hostile() : this.spoilt(made[name]);
    }
    return made;
  }
}
