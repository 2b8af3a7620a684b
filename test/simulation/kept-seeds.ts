/** Seeds of worlds that once disagreed, by the kind of world: they always run. `npm run simulate` says which to add. */
export const keptSeeds: Readonly<Record<'open' | 'term' | 'pack', readonly number[]>> = {
  open: [],
  // A renewal that stays on the last days of months; an instalment that was paid before it was moved.
  term: [270, 414],
  pack: [],
};
