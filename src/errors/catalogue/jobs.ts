/** Refusals about jobs. */
import type { RefusalEntry } from './index.ts';

export const jobRefusals = {
  job_not_failed: {
    kind: 'conflict',
    fr: 'Seul un travail en échec peut être relancé ; celui-ci est « {state} ».',
    en: 'Only a failed job can be retried; this one is {state}.',
    de: 'Nur ein fehlgeschlagener Auftrag kann wiederholt werden; dieser ist {state}.',
  },
  job_not_open: {
    kind: 'conflict',
    fr: 'Seul un travail en attente ou en échec peut être écarté ; celui-ci est « {state} ».',
    en: 'Only a waiting or failed job can be discarded; this one is {state}.',
    de: 'Nur ein wartender oder fehlgeschlagener Auftrag kann verworfen werden; dieser ist {state}.',
  },
  job_discarded: {
    kind: 'conflict',
    fr: 'Ce travail a été écarté : {reason}.',
    en: 'This job was discarded: {reason}.',
    de: 'Dieser Auftrag wurde verworfen: {reason}.',
  },
  count_changed: {
    kind: 'conflict',
    fr: '{count} travaux correspondent au filtre, et non {expected}.',
    en: '{count} jobs fit the filter, not {expected}.',
    de: '{count} Aufträge entsprechen dem Filter, nicht {expected}.',
  },
  job_open_already: {
    kind: 'conflict',
    fr: 'Un travail identique est déjà en cours.',
    en: 'The same job is already open.',
    de: 'Derselbe Auftrag ist bereits offen.',
  },
} satisfies Record<string, RefusalEntry>;
