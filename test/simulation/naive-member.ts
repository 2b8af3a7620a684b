/**
 * A member of an open-ended contract, kept day by day as a clerk with a wall calendar would, from the rules
 * alone. Written apart from the schedule function, to be compared with it; slow and plain on purpose.
 */
interface Line {
  number: number;
  due: number;
  amount: number;
  paid: boolean;
}

interface Absence {
  id: string;
  from: number;
  /** The last day; null while nobody knows. */
  to: number | null;
  amount: number;
}

const DAY = 86_400_000;
const parse = (text: string) => Date.parse(`${text}T00:00:00Z`) / DAY;

/** The same day so many months later, or the last day of that month. */
function monthsAfter(day: number, months: number): number {
  const at = new Date(day * DAY);
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months + 1, 0)).getUTCDate();
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, Math.min(at.getUTCDate(), last)) / DAY;
}

export class NaiveMember {
  readonly lines: Line[] = [];
  private readonly absences: Absence[] = [];
  private readonly price: number;
  private readonly every: number;

  /** @param every how many months lie between two lines. */
  constructor(startsOn: string, price: number, every: number, until: string) {
    this.price = price;
    this.every = every;
    const first = parse(startsOn);
    for (let at = 0; monthsAfter(first, at * every) <= parse(until); at += 1) {
      this.lines.push({ number: at + 1, due: monthsAfter(first, at * every), amount: price, paid: false });
    }
  }

  suspend(id: string, from: string, days: number | null, amount: number): void {
    const first = parse(from);
    const to = days === null ? null : first + days - 1;
    this.absences.push({ id, from: first, to, amount });
    const open = this.lines.filter((line) => !line.paid && line.due >= first);
    let months = 0;
    if (to !== null) while (monthsAfter(first, months + 1) <= to + 1) months += 1;
    for (const line of to === null ? open : open.slice(0, Math.floor(months / this.every))) line.amount = amount;
  }

  back(id: string, on: string): void {
    const absence = this.absences.find((one) => one.id === id);
    if (!absence) throw new Error('nobody is away');
    absence.to = parse(on) - 1;
    for (const line of this.lines) if (!line.paid && line.due >= parse(on)) line.amount = this.price;
  }

  /** Pays what is due today; nothing is asked where nothing is charged. */
  pay(today: string): void {
    for (const line of this.lines) if (line.due === parse(today) && line.amount > 0) line.paid = true;
  }

  mayEnter(today: string): boolean {
    const day = parse(today);
    return !this.absences.some((one) => one.from <= day && (one.to === null || one.to >= day));
  }

  say(): string[] {
    return this.lines.map(({ number, due, amount, paid }) => {
      const status = paid ? 'paid' : amount === 0 ? 'waived' : 'scheduled';
      return `${number} ${new Date(due * DAY).toISOString().substring(0, 10)} ${amount} ${status}`;
    });
  }
}
