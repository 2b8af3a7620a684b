/** The start cannot go on, for a reason that the person at the keyboard can do something about: said in one line. */
export class StartFailure extends Error {
  constructor(line: string, options?: { cause?: unknown }) {
    super(line.replaceAll(/\s*\n\s*/g, ' '), options);
    this.name = 'StartFailure';
  }
}

/** The system's code of an error (`EACCES`, `EADDRINUSE`, …), where it has one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ENOENT: 'no folder can be made there',
  EEXIST: 'a file of that name is in the way',
};

/** A folder that cannot be written, in one line. */
export function cannotWrite(folder: string, error: unknown): StartFailure {
  const code = systemCode(error) ?? '';
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
  return new StartFailure(`Cannot write to ${folder}: ${reason}. Choose another folder with DATA_DIR=/some/folder.`, {
    cause: error,
  });
}
