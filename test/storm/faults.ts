/**
 * Faults of a worker, asked for by the environment. They are in storms only: no program that is deployed reads them.
 * `STORM_CLOCK_OFF_MS`: this process's clock is so many milliseconds ahead.
 */
const off = Number(process.env.STORM_CLOCK_OFF_MS ?? 0);
if (off !== 0) {
  const Real = Date;
  const real = Date.now.bind(Date);
  const now = () => real() + off;
  globalThis.Date = new Proxy(Real, {
    construct: (target, given) => (given.length === 0 ? new target(now()) : Reflect.construct(target, given)),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}
