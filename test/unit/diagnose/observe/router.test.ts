import { controlPortAt } from "../../../../harness/diagnose/observe/router";
import type { RouterEvidence } from "../../../../harness/model/evidence";

/** A router that saw one connection to `port`, and gave it the port `to`. */
function routerThatSaw(router: string, port: number, to: number): RouterEvidence {
  const [client, server] = ["198.51.100.7", "203.0.113.5"];
  return {
    router,
    ...{ packets: [], dropped: [], expectations: [], rules: "" },
    connections: [
      {
        kind: "new",
        at: 0,
        state: "ESTABLISHED",
        original: { source: client, destination: server, sourcePort: 40_000, destinationPort: port },
        reply: { source: server, destination: client, sourcePort: to, destinationPort: 40_000 },
        replied: true,
        helper: null,
      },
    ],
  };
}

test("the control connection's port is followed from router to router", () => {
  const [first, second, third] = [
    routerThatSaw("provider", 21, 2121),
    routerThatSaw("dsl", 2121, 2100),
    routerThatSaw("inner", 2100, 21),
  ];
  const at = controlPortAt([first, second, third], 21);
  expect([first, second, third].map(at)).toEqual([21, 2121, 2100]);
});

test("a router that saw nothing of it is asked for the port that was dialled", () => {
  const at = controlPortAt([routerThatSaw("provider", 21, 21)], 21);
  expect(at(routerThatSaw("other", 443, 443))).toBe(21);
});
