import { clients } from "../../harness/catalog/clients/registry";
import { tnftp } from "../../harness/catalog/clients/tnftp";
import type { Lab } from "../../harness/lab/lab";
import type { Attempt } from "../../harness/model/cell";
import { routersOf } from "../../harness/model/network";
import { programUsers } from "../../harness/plan/program-users";
import { account } from "../../harness/model/ftp-site";
import { runProgramSession } from "../../harness/run/program-session";
import { sessionRequest } from "../../harness/run/session-request";
import { choose, runCells } from "../support/lab-run";

// The image of the programs is built when it is not there yet.
jest.setTimeout(600_000);

test("every packaged program does behind the helper router what is expected of it, and says so itself", async () => {
  const programs = clients.flatMap(({ id, program }) => (program === null ? [] : [id]));
  const cells = choose(
    programs.flatMap((id) => ["ftp", "ftps"].map((mode) => `server-nat-helper/tls-optional/${id}/${mode}/*/list`)),
  );
  const report = await runCells(cells);
  expect(report.cells.filter(({ outcome }) => outcome !== "expected").map(({ id }) => id)).toEqual([]);
  for (const id of programs) {
    const results = report.cells.filter(({ client }) => client === id).map(({ result }) => result);
    // Plain FTP passes the helper with every program, by one data command or another.
    expect({ id, worked: results.includes("worked") }).toEqual({ id, worked: true });
  }
  const failed = report.cells.filter(({ result }) => result === "failed");
  expect(failed.length).toBeGreaterThan(0);
  for (const { id, message } of failed)
    expect({ id, silent: message === null || message === "" }).toEqual({ id, silent: false });
});

const hangingCell = "firewall-helper/tls-optional/tnftp/ftp/pasv/list";

describe("a program that hangs", () => {
  /** The server's answer to USER never comes. */
  const silence = "iptables -I FORWARD -p tcp --sport 21 -m string --algo bm --string '331 ' -j DROP";

  test("is ended with all its children, and told with the stage at which it hung", async () => {
    let left: readonly string[] | undefined;
    let hung: Attempt | undefined;
    const report = await runCells(choose([hangingCell]), {
      beforeCells: async (lab) => {
        left = await leftByAHangingProgram(lab);
        const [router] = routersOf(lab.topology);
        await lab.routerShell(router!).run("rules", silence);
        hung = await patientSession(lab);
      },
    });
    expect(left).toEqual([]);
    expect(hung).toMatchObject({
      result: "failed",
      stage: "login",
      message: "ended after 4 s, since it did not end by itself",
    });
    expect(hung?.transcript.at(-1)?.text).toMatch(/^USER /);
    // As the lab runs it, tnftp gives up by itself, with a 421 that the server never sent.
    expect(report.cells[0]).toMatchObject({
      ...{ outcome: "unexpected", result: "failed", stage: "login", replyCode: null },
      message: "Login failed.",
    });
  });
});

/** A session of tnftp without its own time-out. */
function patientSession(lab: Lab): Promise<Attempt> {
  const { program } = tnftp;
  if (program === null) throw new Error("tnftp is a program");
  const command: typeof program.command = (session) => {
    const { argv, ...rest } = program.command(session);
    return { ...rest, argv: argv.filter((word, index) => word !== "-q" && argv[index - 1] !== "-q") };
  };
  const [planned] = choose([hangingCell]);
  const request = sessionRequest(planned!.cell, {
    ...{ topology: lab.topology, options: tnftp.defaults, files: lab.server.files, ca: lab.certificates.ca },
    ...{ localAddress: programUsers(lab.topology)[0]!.address, user: `${account.userPrefix}1`, sessionId: "patient" },
  });
  const spec = { program: { ...program, command, deadlineMs: 4_000 }, options: [], request };
  return runProgramSession(lab, spec, () => undefined);
}

/** Command lines of what is left of a program's user after a program of its, and a child in a session of its own, were ended. */
async function leftByAHangingProgram(lab: Lab): Promise<readonly string[]> {
  const run = (id: string, script: string, deadlineMs: number): ReturnType<Lab["runProgram"]> =>
    lab.runProgram(
      {
        ...{ kind: "program", id, command: { argv: ["sh", "-c", script] } },
        ...{ home: `/tmp/${id}`, uid: programUsers(lab.topology)[0]!.uid, makes: [], wants: [], deadlineMs },
      },
      () => undefined,
    );
  const hung = await run("hangs", "setsid sleep 301 & sleep 302", 500);
  expect(hung).toMatchObject({ timedOut: true, exitCode: null });
  // What ends them does not outlast them, and end the user's next program.
  for (let round = 0; round < 5; round += 1) {
    await run("hangs", "sleep 302", 100);
    expect(await run("lives", "sleep 0.2", 10_000)).toMatchObject({ exitCode: 0 });
  }
  const { output } = await run("looks", "cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -o 'sleep 30[12]'", 10_000);
  return output.map(({ text }) => text);
}
