/** Folders that are made when they are missing, or said in one line to be impossible. */
import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { cannotWrite, systemCode } from './start-failure.ts';

/** Makes the folder and those above it, if missing, and requires that we may write in it. */
export function makeFolder(folder: string, mode?: number): void {
  try {
    makeWithParents(resolve(folder));
    if (mode !== undefined) chmodSync(folder, mode);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

/** One by one: Node's own recursive way never returns where a folder exists in which none can be made, as in /proc. */
function makeWithParents(folder: string): void {
  try {
    makeOne(folder);
  } catch (error) {
    const above = dirname(folder);
    if (systemCode(error) !== 'ENOENT' || above === folder) throw error;
    makeWithParents(above);
    makeOne(folder);
  }
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST' || !statSync(folder).isDirectory()) throw error;
  }
}
