import { isOwnClient } from "../../../../harness/catalog/clients/user-program";
import { resolveClient } from "../../../../harness/catalog/clients/registry";
import { scriptedClient, scriptedCommand } from "../../../../harness/catalog/clients/scripted";
import { scriptedClientProgram } from "../../../../harness/catalog/clients/scripted-program";
import { clientScriptOf } from "../../../../harness/inputs/client-script-schema";
import { fillCommand } from "../../../../harness/plan/literal-command";
import { programSession } from "../../../support/program-output";

it("is a client by its own id, of which nothing is predicted", () => {
  expect(resolveClient("scripted")?.definition).toBe(scriptedClient);
  expect(isOwnClient("scripted")).toBe(true);
});

it("gets its script with the lab's values, and its program as it is", () => {
  const session = programSession();
  const script = clientScriptOf({ steps: [{ kind: "command", text: "USER {user} {p1}" }] });
  const { files = [] } = fillCommand(scriptedCommand(script), {}, session);
  const [program, settings] = files.map(({ text }) => text);
  expect(program).toBe(scriptedClientProgram);
  expect(JSON.parse(settings ?? "")).toMatchObject({
    host: session.host,
    port: String(session.port),
    mode: session.mode,
    steps: [{ text: `USER ${session.user} {p1}` }],
  });
});
