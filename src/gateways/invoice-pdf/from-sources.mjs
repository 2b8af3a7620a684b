/** Starts a thread whose program is TypeScript: registers the loader, which does not reach into threads by itself. */
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.entry);
