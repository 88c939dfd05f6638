import { hintFor } from "../../../harness/lab/check-user-rules";

test.each([
  ["my.nft:3:7-9: Error: syntax error, unexpected string", "nft -c -f FILE"],
  ['iptables-restore v1.8.11 (nf_tables): unknown option "--dprt"', "iptables-restore --test FILE"],
  ["my.nft:3:7-9: Error: Interface does not exist", "The interfaces of router are lan, wan."],
])("%s is followed by %s", (said, hint) => {
  expect(hintFor(said, "router", ["lan", "wan"])).toContain(hint);
});
