/**
 * `npm start`. A Node that is too old must get as far as the line that says so: nothing is imported before that, and
 * the syntax is of 2015.
 */
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node 20.19 or later is needed; this is Node ${process.versions.node}.`);
  process.exitCode = 1;
} else {
  import('./installed.mjs')
    .then((installed) => installed.install({ development: false }))
    .then(() => import('tsx/esm/api'))
    .then((tsx) => tsx.register())
    .then(() => import('../src/embedded/start.ts'))
    .then((program) => program.start());
}
