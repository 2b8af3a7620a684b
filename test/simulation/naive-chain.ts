/** A contract and its renewals on the clerk's desk. No function of the engine. */
import type { NaiveContract } from './naive-contract.ts';

export class NaiveChain {
  contracts: NaiveContract[] = [];

  /**
   * Tells one contract something. The first one after it that was paid for and looks otherwise now may get something for it.
   * @param compensation null: it gets nothing.
   */
  tell(at: number, today: string, compensation: number | null, what: (contract: NaiveContract) => void): void {
    const looked = this.looks();
    what(this.contracts[at]!);
    if (compensation !== null) this.movedAfter(at, looked)?.grant(today, compensation);
  }

  /** Would one after it that was paid for look otherwise? Tried on a copy. */
  wouldMove(at: number, what: (contract: NaiveContract) => void): boolean {
    const copy = new NaiveChain();
    for (const one of this.contracts) copy.contracts.push(one.copy(copy.contracts.at(-1) ?? null));
    what(copy.contracts[at]!);
    return copy.movedAfter(at, this.looks()) !== undefined;
  }

  /**
   * Tells several the same, one after the other: a later one as the ones before it have left it. Where one after it that was
   * paid for would move, and may not, it is left out.
   */
  tellEach(
    today: string,
    { renewals, compensation }: { renewals: 'refuse' | 'move'; compensation: number | null },
    isMeant: (contract: NaiveContract, at: number) => boolean,
    what: (contract: NaiveContract, at: number) => void,
  ): { done: number[]; leftOut: number[] } {
    const done: number[] = [];
    const leftOut: number[] = [];
    for (const [at, contract] of this.contracts.entries()) {
      if (!isMeant(contract, at)) continue;
      const tell = (one: NaiveContract) => what(one, at);
      if (renewals === 'refuse' && this.wouldMove(at, tell)) leftOut.push(at);
      else {
        this.tell(at, today, compensation, tell);
        done.push(at);
      }
    }
    return { done, leftOut };
  }

  owes(today: string): number {
    return this.contracts.reduce((all, one) => all + one.owes(today), 0);
  }

  /**
   * Signs the contract that follows the last one, once that ends within so many months. @param price null: the last that the
   * customer had. @returns whether one was signed.
   */
  renew(today: string, monthsAhead: number, price: number | null): boolean {
    const renewal = this.contracts.at(-1)!.renewal(today, monthsAhead, price);
    if (renewal !== null) this.contracts.push(renewal);
    return renewal !== null;
  }

  private looks(): string[] {
    return this.contracts.map(looksOf);
  }

  private movedAfter(at: number, looked: readonly string[]): NaiveContract | undefined {
    return this.contracts.find((one, index) => index > at && one.isPaidFor() && looksOf(one) !== looked[index]);
  }
}

/** What a member sees of it: its days and lines, not what is left of credits. */
function looksOf(contract: NaiveContract): string {
  return contract.say().slice(0, -1).join();
}
