/** A contract and its renewals on the clerk's desk. No function of the engine. */
import type { NaiveContract } from './naive-contract.ts';

export class NaiveChain {
  readonly contracts: NaiveContract[] = [];

  /**
   * Tells one contract something. The first one after it that was paid for and looks otherwise now may get something for it.
   * @param compensation null: it gets nothing.
   */
  tell(at: number, today: string, compensation: number | null, what: (contract: NaiveContract) => void): void {
    const looked = this.contracts.map((one) => one.say().join());
    what(this.contracts[at]!);
    if (compensation === null) return;
    const moved = this.contracts.find(
      (one, index) => index > at && one.isPaidFor() && one.say().join() !== looked[index],
    );
    moved?.grant(today, compensation);
  }
}
