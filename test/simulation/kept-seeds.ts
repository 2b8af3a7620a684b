/** Seeds of worlds that once disagreed, by the kind of world: they always run. `npm run simulate` says which to add. */
export const keptSeeds: Readonly<Record<'open' | 'term' | 'pack', readonly number[]>> = {
  open: [],
  term: [],
  pack: [],
};
