/**
 * BullMQ's PostgreSQL backend, made patient with a database that is away for a moment.
 *
 * BullMQ remembers its first attempt to connect for good. When that one fails, a queue refuses every ring until the
 * process is started again, and a worker asks again at once and without end, so that the process does nothing else
 * and does not even hear a signal. And a connection that breaks while BullMQ holds it ends the process, since nobody
 * listens to its error.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type BackendFactory, createPostgresBackend, type PostgresConnection } from 'bullmq';
import pg from 'pg';
import { QUEUE_SCHEMA } from '../src/store/migrate.ts';

const TRY_AGAIN_AFTER_MS = 500;

/** A connection whose breaking is told through the query that it carried, and never by ending the process. */
class HeldClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** A pool of its own: BullMQ's short statements must never wait behind the engine's transactions. */
export function queuePool(connectionString: string, max: number) {
  return { connectionString, schema: QUEUE_SCHEMA, max, application_name: 'echeance-queue', Client: HeldClient };
}

export const patientPostgresBackend: BackendFactory = (name, options, factoryOptions) => {
  const backend = createPostgresBackend(name, options as never, factoryOptions);
  const { connection } = backend as unknown as { connection: PostgresConnection };
  const attempt = connection.waitUntilReady.bind(connection);
  // A worker that closes first lets go of its waiting, and of its connection only when its loop has ended.
  const isLeaving = () => connection.isClosing !== undefined || Reflect.get(backend, 'blockingDisconnected') === true;
  connection.waitUntilReady = async () => {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (isLeaving()) throw error;
        if (connection.listenerCount('error') > 0) connection.emit('error', error);
        Reflect.set(connection, 'readyPromise', undefined);
      }
      await pause(TRY_AGAIN_AFTER_MS);
      if (isLeaving()) throw new Error('the queue is closed');
    }
  };
  return backend;
};
