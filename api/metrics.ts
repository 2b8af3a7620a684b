/** What Prometheus reads. Routes are labelled by their pattern, never by an id. */
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type Database, query } from '../src/store/database.ts';

export const registry = new Registry();
collectDefaultMetrics({ register: registry });

const requests = new Histogram({
  name: 'echeance_http_request_seconds',
  help: 'Time to answer a request.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 30],
  registers: [registry],
});

const jobs = new Gauge({
  name: 'echeance_jobs',
  help: 'Jobs waiting, running or failed, by name.',
  labelNames: ['name', 'state'],
  registers: [registry],
});

const oldest = new Gauge({
  name: 'echeance_oldest_due_job_seconds',
  help: 'How long the oldest job that could run now has been waiting.',
  registers: [registry],
});

export function observeRequest(method: string, route: string, status: number, ms: number): void {
  requests.observe({ method, route, status }, ms / 1000);
}

export async function metricsText(database: Database): Promise<string> {
  const rows = await query<{ name: string; state: string; count: number }>(
    database,
    `select name, state, count(*) as count from job where state in ('queued', 'running', 'failed') group by name, state`,
  );
  jobs.reset();
  for (const row of rows) jobs.set({ name: row.name, state: row.state }, row.count);
  const [age] = await query<{ seconds: number | null }>(
    database,
    `select extract(epoch from clock_timestamp() - min(due_at))::float8 as seconds from job where state = 'queued' and due_at <= clock_timestamp()`,
  );
  oldest.set(age?.seconds ?? 0);
  return registry.metrics();
}
