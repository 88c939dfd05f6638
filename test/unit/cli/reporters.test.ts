import { exitCodeAfter } from "../../../harness/cli/reporters";

const reporter = (name: string, hasFailed: boolean) => ({ name, hasFailed, onEvent: () => undefined });

test("a run whose report could not be written does not end as if all were well", () => {
  expect(exitCodeAfter([reporter("json", false), reporter("html", true)], 0)).toBe(3);
  expect(exitCodeAfter([reporter("html", true)], 1)).toBe(3);
  expect(exitCodeAfter([reporter("html", true)], 130)).toBe(130);
});

test("a run whose reports are written ends as it was to, whatever became of what people read along", () => {
  expect(exitCodeAfter([reporter("json", false), reporter("terminal", true)], 0)).toBe(0);
  expect(exitCodeAfter([reporter("json", false)], 1)).toBe(1);
});
