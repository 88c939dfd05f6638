import { ReleaseProgress } from "../../../harness/lab/release-progress";

const steps = [
  { what: "the base of Debian 11", usualSeconds: 40 },
  { what: "the image curl@bullseye", usualSeconds: 20 },
  { what: "the image lftp@bullseye", usualSeconds: 20 },
];

it("tells each step and what is usually left", () => {
  const progress = new ReleaseProgress(steps, () => 0);
  expect(progress.begin(0)).toBe("step 1 of 3, once: the base of Debian 11 (about 80 s left)");
});

it("goes by the pace of the steps that are done", () => {
  let now = 100;
  const progress = new ReleaseProgress(steps, () => now);
  progress.begin(0);
  now += 20;
  expect(progress.begin(1)).toBe("step 2 of 3, once: the image curl@bullseye (about 20 s left)");
  now += 100;
  expect(progress.begin(2)).toBe("step 3 of 3, once: the image lftp@bullseye (about 40 s left)");
});

it("never says that nothing is left", () => {
  let now = 0;
  const progress = new ReleaseProgress(steps, () => now);
  progress.begin(0);
  now = 0.1;
  expect(progress.begin(2)).toContain("(about 1 s left)");
});
