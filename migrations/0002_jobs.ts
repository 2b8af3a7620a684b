import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table job (
      id text collate "C" primary key,
      organization_id text collate "C" not null references organization,
      name text not null,
      lane text not null,
      payload jsonb not null,
      concerns text collate "C",
      unique_key text,
      actor text not null,
      request_id text,
      state text not null check (state in ('queued', 'running', 'done', 'failed', 'discarded')),
      attempts integer not null check (attempts >= 0),
      starts_unfinished integer not null check (starts_unfinished >= 0),
      reason_code text,
      reason_params jsonb,
      result jsonb,
      progress_done integer,
      progress_total integer,
      queued_at timestamptz not null,
      asked_at timestamptz,
      due_at timestamptz not null,
      rung_at timestamptz,
      started_at timestamptz,
      finished_at timestamptz,
      lease_token text,
      lease_until timestamptz,
      check ((state = 'running') = (lease_token is not null)),
      check ((state in ('done', 'failed', 'discarded')) = (finished_at is not null)),
      check (state <> 'failed' or reason_code is not null)
    ) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
    comment on table job is 'A piece of work that a worker does once. The queue only rings; this row is the truth.';
    comment on column job.asked_at is 'Where another job made it: when the work was asked for that both go back to.';
    comment on column job.due_at is 'Not before this instant: the moment it was queued, or the end of the pause after a failed attempt.';
    comment on column job.rung_at is 'When the queue was last told of it; null means not yet told.';
    comment on column job.starts_unfinished is 'Starts after a lost ring that neither finished nor failed: a job that kills its worker is stopped by it.';
    comment on column job.lease_token is 'Held by the worker that runs it in several steps; a worker without it can write nothing.';
    create index job_to_ring on job (lane, due_at) where state = 'queued' and rung_at is null;
    create index job_rung on job (rung_at) where state = 'queued' and rung_at is not null;
    create index job_leases on job (lease_until) where state = 'running';
    create index job_open on job (organization_id) where state in ('queued', 'running');
    create index job_organization on job (organization_id, id desc);
    create index job_failed on job (organization_id, id desc) where state = 'failed';
    create index job_concerns on job (concerns) where concerns is not null;
    create unique index job_unique_key on job (organization_id, unique_key)
      where unique_key is not null and state in ('queued', 'running');
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table job');
}
