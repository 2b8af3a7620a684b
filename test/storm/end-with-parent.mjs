/** A program of a storm ends when the storm is gone. */
process.once('disconnect', () => process.exit(1));
