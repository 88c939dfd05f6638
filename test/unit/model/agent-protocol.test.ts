import { protocolLine, type AgentMessage } from "../../../harness/model/agent-protocol";

test("a message is one line for every reader of lines, whatever a stranger's text holds", () => {
  const text = "a\nb\r\nc\rd\u2028e\u2029f\u0085g\0h";
  const message: AgentMessage = { kind: "fault", id: null, message: text };
  const line = protocolLine(message);
  expect(line).toMatch(/^[^\n\r\u2028\u2029]+\n$/);
  expect(JSON.parse(line)).toEqual(message);
});
