import { parseRequest } from "../../../harness/agent/requests";
import { sessionRequest } from "../../support/agent-request";

const valid = sessionRequest({ port: 21, ca: "PEM", files: [{ name: "a", size: 1 }] });
const probe = { kind: "probe", id: "p", address: "192.0.2.1", port: 21, localAddress: "192.0.2.2", timeoutMs: 500 };

test.each([valid, probe])("reads a request as it was written", (request) => {
  expect(parseRequest(JSON.stringify(request))).toEqual({ kind: "request", request });
});

test.each([
  ["text", "{", null],
  ["a list", "[]", null],
  ["no id", JSON.stringify({ ...valid, id: 3 }), null],
  ["an unknown kind", JSON.stringify({ ...valid, kind: "toString" }), "1"],
  ["an unknown mode", JSON.stringify({ ...valid, mode: "sftp" }), "1"],
  ["a port out of range", JSON.stringify({ ...valid, port: 65_536 }), "1"],
  ["a missing deadline", JSON.stringify({ ...valid, deadlines: { ...valid.deadlines, ccc: undefined } }), "1"],
  ["an endless deadline", JSON.stringify({ ...valid, deadlines: { ...valid.deadlines, ccc: null } }), "1"],
  ["a file of half a byte", JSON.stringify({ ...valid, files: [{ name: "a", size: 0.5 }] }), "1"],
  ["null for options", JSON.stringify({ ...valid, options: null }), "1"],
  ["no options", JSON.stringify({ ...valid, options: {} }), "1"],
])("%s is malformed, and told with the id if there is one", (_, line, id) => {
  expect(parseRequest(line)).toMatchObject({ kind: "malformed", id });
});

test("names the field that is wrong", () => {
  const parsed = parseRequest(JSON.stringify({ ...valid, ca: 1 }));
  expect(parsed).toMatchObject({ message: "malformed request: ca: missing or of the wrong kind" });
});
