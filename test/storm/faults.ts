/** Faults of a worker, asked for by the environment. They are in storms only: no program that is deployed reads them. */
export {};
