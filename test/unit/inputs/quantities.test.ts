import { bytes, duration } from "../../../harness/inputs/quantities";

const [size, time] = [bytes(16 * 1024 * 1024, "A size."), duration(60_000, "A time.")];

test.each([
  [0, 0],
  [16_777_216, 16_777_216],
  ["32 kB", 32_000],
  ["1MiB", 1_048_576],
  ["2.3 MiB", 2_411_725],
  ["0.001 GB", 1_000_000],
  [1e3, 1_000],
])("%j is %d bytes", (written, value) => {
  expect(size.parse(written)).toBe(value);
});

test.each([
  [30, 30_000],
  [30.001, 30_001],
  ["500 ms", 500],
  ["1 min", 60_000],
])("%j lasts %d ms", (written, value) => {
  expect(time.parse(written)).toBe(value);
});

const most = "expected at most 16777216 B";
const sizeWords = "expected a number of bytes, or a size such as 32 kB or 1 MiB";

test.each([
  [99_999_999_999_999, most],
  ["99999999999999", most],
  ["99999999999999999999999999999 GiB", most],
  [1e21, most],
  [16_777_216.5, most],
  [30.00001, "expected whole bytes"],
  [0.4, "expected whole bytes"],
  ["0.4 B", "expected whole bytes"],
  [1e-7, "expected whole bytes"],
  ["1.0001 kB", "expected at most 3 decimals"],
  [-1, sizeWords],
  [Number.NaN, sizeWords],
  [Number.POSITIVE_INFINITY, sizeWords],
  ["", sizeWords],
  ["1 TB", sizeWords],
  [null, sizeWords],
])("%j is refused as a size, and never read as another one", (written, message) => {
  const { error } = size.safeParse(written);
  expect(error?.issues.map((issue) => issue.message)).toEqual([message]);
});

const timeWords = "expected a time such as 500 ms or 3 s";

test.each([
  [99_999_999_999_999, "expected at most 60 s"],
  ["1000000000000000 ms", "expected at most 60 s"],
  [30.00001, "expected at most 3 decimals"],
  ["0.00001 min", "expected at most 3 decimals"],
  [1e-7, "expected at most 3 decimals"],
  [-3, timeWords],
  ["2 h", timeWords],
])("%j is refused as a time, and never read as another one", (written, message) => {
  const { error } = time.safeParse(written);
  expect(error?.issues.map((issue) => issue.message)).toEqual([message]);
});
