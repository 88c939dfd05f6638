import { keepAliveSeconds } from "../../../../harness/diagnose/remedies/keep-alive";

test.each([
  [[], 30],
  [[null], 30],
  [[432_000, null], 30],
  [[432_000, 3], 1],
  [[20], 10],
  [[1], null],
])("routers that forget after %j s ask for a keepalive after %j s", (told, seconds) => {
  expect(keepAliveSeconds({ routers: told.map((forgetsAfterS) => ({ forgetsAfterS })) })).toBe(seconds);
});
