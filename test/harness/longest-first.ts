/** The files of a run in an order in which none is waited for at the end alone: what takes minutes begins at once. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const LONGEST = ['test/fuzz/api.test.ts'];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONGEST.some((name) => moduleId.endsWith(name));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
