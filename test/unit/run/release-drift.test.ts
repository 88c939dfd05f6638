import { resolveClient } from "../../../harness/catalog/clients/registry";
import { softwareNamed } from "../../../harness/catalog/servers/registry";
import { driftOf } from "../../../harness/run/release-drift";

const clients = ["curl@sid", "php@bullseye", "curl"].map((id) => resolveClient(id)!.definition);
const server = { software: softwareNamed("proftpd"), release: "sid" } as const;

it("says nothing of versions that are as they were, nor of what tells none", () => {
  const versions = { "curl@sid": "8.23.0", "php@bullseye": "7.4.33", curl: "9.0.0", "proftpd (sid)": "unknown" };
  expect(driftOf(clients, server, versions)).toEqual([]);
});

it("names both versions where a release has moved on", () => {
  const versions = { "curl@sid": "8.24.1", "php@bullseye": "7.40.1", "proftpd (sid)": "1.3.9f" };
  expect(driftOf(clients, server, versions)).toEqual([
    "curl@sid is 8.24.1 here; what is expected of it was written for 8.23.0",
    "php@bullseye is 7.40.1 here; what is expected of it was written for 7.4",
    "proftpd (sid) is 1.3.9f here; what is expected of it was written for 1.3.9e",
  ]);
});
