/** A process that runs test files ends when the run that started it is gone, and with it whatever the tests started. */
process.once('disconnect', () => process.exit(1));
