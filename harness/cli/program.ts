import { Argument, Command, Option } from "commander";
import { evidencePolicies, type EvidencePolicy } from "../evidence/recording/store";
import { exitCodes } from "../model/errors";
import type { MatchOptions } from "./match";
import type { UserFiles } from "./user-setup";
import type { SetupOptions } from "./setup";
import type { Shard } from "../plan/shards";
import { parseShard, wholeNumber } from "../tools/option-values";
import { addCellChoice, choiceOf, defaultWorkers } from "./arguments";
import { addReports } from "./program-reports";
import { projectVersion } from "../lab/project";

/** Builds the command line; `finish` receives the exit code of the command that ran. */
export function buildProgram(argv: readonly string[], finish: (exitCode: number) => void): Command {
  const program: Command = new Command("matrix")
    .description("Tells why FTP works or fails through NAT and firewalls: real ProFTPD, real iptables, real clients.")
    .usage("[command] [options]")
    .version(projectVersion(), "-V, --version", "print the version of this tool")
    .showSuggestionAfterError()
    .showHelpAfterError("(--help shows the options)")
    .addHelpText("after", () => optionsOfRun(program) + examples);
  addRun(program, argv, finish);
  addList(program, finish);
  addDiagnosis(program, finish);
  addMatch(program, finish);
  addReproduce(program, argv, finish);
  addShell(program, finish);
  addReports(program, finish);
  addUpkeep(program, finish);
  return program;
}

/** Without a command `run` is meant, so its options belong on the first page. */
function optionsOfRun(program: Command): string {
  const help: string = program.commands.find((command) => command.name() === "run")?.helpInformation() ?? "";
  return `\n${help.slice(help.indexOf("Arguments:")).replace("Arguments:", "Arguments of run:").replace("Options:", "Options of run and, for the choice of cells, list:")}`;
}

const examples = `
Examples:
  npm run matrix                                                    the core matrix
  npm run matrix -- --topology server-nat-helper --data pasv        some of it
  npm run matrix -- server-nat-helper/tls-optional/basic-ftp/ftps/pasv/list
  npm run matrix -- --server '*' --mode 'ftps-ccc*' --mode '!ftps-ccc-unprimed'
  npm run matrix -- --topology 'firewall*+reject' --mode ftp        networks in which something is so
  npm run matrix -- scenarios/smoke.yaml --repeat-each 5
  npm run --silent matrix -- list --json | jq '.cells[].id'
  npm run matrix -- explain server-nat-helper/tls-optional/basic-ftp/ftps/pasv/list
  npm run matrix -- prove server-nat-helper/tls-optional/basic-ftp/ftps/pasv/list --all
  npm run matrix -- match --log session.log --works ftp
  npm run matrix -- shell server-nat-helper/tls-optional/basic-ftp/ftp/pasv/list router

Exit codes: 0 all as expected, 1 something unexpected, 2 usage or input error, 3 the lab could not be built or broke,
4 no cell matched, 130 interrupted (after cleaning up).`;

function addRun(program: Command, argv: readonly string[], finish: (exitCode: number) => void): void {
  const run = program
    .command("run", { isDefault: true })
    .description("run cells and write the matrix (the default command)")
    .addArgument(new Argument("[sources...]", "scenario files (*.yaml) or cell ids; nothing means the core matrix"));
  addUserFiles(addCellChoice(run))
    .option("--repeat-each <n>", "run each cell n times", wholeNumber(1, 10_000), 1)
    .option("--retries <n>", "run an unexpected cell again up to n times; works then: flaky", wholeNumber(0, 100), 0)
    .option("-x, --fail-fast", "stop after the first unexpected cell")
    .option("-j, --workers <n>", "sessions that work at the same time", wholeNumber(1, 1000), defaultWorkers)
    .option("--output <dir>", "put the report straight into this folder")
    .option(
      "--reporter <names>",
      "terminal, github (annotations and job summary), json, markdown, html, junit, ctrf; comma-separated (default: all, github where GitHub reads along)",
    )
    .addOption(
      new Option(
        "--evidence <when>",
        "which cells keep their evidence; off: no witness but the client is heard, causes are guesses",
      )
        .choices(evidencePolicies)
        .default("retain-on-unexpected"),
    )
    .option("--shard <i/n>", "run the i-th of n shares of the labs, for `merge` to join", parseShard)
    .option(
      "--durations <dir>",
      "folder of an earlier run, whose durations balance the shards; the same for each of them",
    )
    .option("--update-expected", "write what the surprising cells did into their scenario file, as what is expected")
    .option("--keep-lab", "leave the containers running afterwards (`clean` removes them)")
    .action(async (sources: string[], options: Record<string, unknown>) => {
      const { runCommand } = await import("./run.ts");
      finish(
        await runCommand({
          choice: choiceOf(sources, options),
          repeatEach: options["repeatEach"] as number,
          retries: options["retries"] as number,
          failFast: options["failFast"] === true,
          workers: options["workers"] as number,
          keepLab: options["keepLab"] === true,
          ...userFilesOf(options),
          updateExpected: options["updateExpected"] === true,
          evidence: options["evidence"] as EvidencePolicy,
          output: options["output"] as string | undefined,
          shard: options["shard"] as Shard | undefined,
          durations: options["durations"] as string | undefined,
          reporters: (options["reporter"] as string | undefined)?.split(","),
          argv,
        }),
      );
    });
}

/** Options by which a user's own files take the places of what the project would render. */
function addUserFiles(command: Command): Command {
  return command
    .option(
      "--router-rules <[router=]file>",
      "load your own iptables-save or nft file in place of the topology's rules, its interfaces named as the topology's links; " +
        "then nothing is predicted but what a scenario states; repeatable",
      (value: string, previous: readonly string[]) => [...previous, value],
      [],
    )
    .option(
      "--server-config <file>",
      "a proftpd.conf or vsftpd.conf of your own in the place of the profile's; see topologies/README.md",
    );
}

function userFilesOf(options: Readonly<Record<string, unknown>>): UserFiles {
  return {
    routerRules: options["routerRules"] as readonly string[],
    serverConfig: options["serverConfig"] as string | undefined,
  };
}

function addList(program: Command, finish: (exitCode: number) => void): void {
  const list = program
    .command("list")
    .description("show the cells, what is expected of each and why; starts nothing")
    .addArgument(new Argument("[sources...]", "scenario files (*.yaml) or cell ids; nothing means the core matrix"));
  addCellChoice(list)
    .option("--server-config <file>", "what is expected with a proftpd.conf or vsftpd.conf of your own")
    .option("--json", "for machines")
    .action(async (sources: string[], options: Record<string, unknown>) => {
      const { runList } = await import("./list.ts");
      const serverConfig = options["serverConfig"] as string | undefined;
      finish(runList(choiceOf(sources, options), { json: options["json"] === true, serverConfig }));
    });
}

function addDiagnosis(program: Command, finish: (exitCode: number) => void): void {
  addUserFiles(program.command("explain"))
    .description("what happened in a cell stage by stage, the decisive packet or line, the cause, the remedies")
    .addArgument(new Argument("<cell>", "cell id"))
    .option("--fresh", "run the cell again even if the last run recorded it")
    .option("--all", "everything, however long")
    .option("--json", "for machines")
    .action(async (cell: string, options: Readonly<Record<string, unknown>>) => {
      const { runExplain } = await import("./explain.ts");
      const { fresh, all, json } = options;
      const how = { fresh: fresh === true, all: all === true, json: json === true };
      finish(await runExplain(cell, { ...how, ...userFilesOf(options) }));
    });
  addUserFiles(program.command("prove"))
    .description("apply the remedy of a cell's cause in the lab and show before and after")
    .addArgument(new Argument("<cell>", "cell id"))
    .option("--all", "each remedy that the lab can apply, not only the first")
    .action(async (cell: string, options: Readonly<Record<string, unknown>>) => {
      const { runProve } = await import("./prove.ts");
      finish(await runProve(cell, { all: options["all"] === true, ...userFilesOf(options) }));
    });
  program
    .command("diagnose")
    .description("diagnose recorded evidence again; needs no engine")
    .addArgument(new Argument("<dir>", "a cell's recording, a folder with many, or a bundle"))
    .option("--all", "everything, however long")
    .option("--json", "for machines")
    .action(async (dir: string, options: Readonly<Record<string, boolean | undefined>>) => {
      const { runDiagnose } = await import("./diagnose.ts");
      const { all = false, json = false } = options;
      finish(await runDiagnose(dir, { all, json }));
    });
}

const repeated = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

function addMatch(program: Command, finish: (exitCode: number) => void): void {
  program
    .command("match")
    .description("symptoms in, causes out: the cells that show what was observed, the likeliest first")
    .option(
      "--log <file>",
      "a pasted log of the client: basic-ftp, curl, lftp, FileZilla, ftplib and others; - is stdin",
    )
    .option("--mode <id>", "how the session was protected: ftp, ftps, ftps-ccc and so on")
    .option("--data <id>", "the command that arranged the data connection: pasv, epsv, port, eprt")
    .option("--operation <id>", "what was tried after login: list, download, upload")
    .option("--stage <id>", "where it stopped, such as data-connect")
    .option("--reply <code>", "the reply code that ended it, such as 425")
    .option("--message <text>", "what the client said")
    .option("--dialled <address>", "the address that the client dialled")
    .option("--announced <address>", "the address in 227, as the client saw it")
    .option("--works <session>", "what works in the same place: MODE, MODE/DATA, or inside; repeatable", repeated, [])
    .option("--fails <session>", "what fails there too; repeatable", repeated, [])
    .option("--json", "for machines")
    .addHelpText("after", matchExamples)
    .action(async (options: MatchOptions) => {
      const { runMatch } = await import("./match.ts");
      finish(runMatch({ ...options, json: options.json }));
    });
}

const matchExamples = `
Examples:
  npm run matrix -- match --log session.log
  npm run matrix -- match --log session.log --works ftp --works inside
  npm run matrix -- match --mode ftps --data pasv --stage data-connect --works ftp/pasv
  npm run --silent matrix -- match --stage data-tls --reply 425 --json | jq '.candidates[0].cause'`;

function addReproduce(program: Command, argv: readonly string[], finish: (exitCode: number) => void): void {
  program
    .command("reproduce")
    .description(
      "run a user's report: whether it happens here too, why, whether the fix cures it and what else it breaks",
    )
    .addArgument(new Argument("[file]", "a report: scenarios/bugs/*.yaml"))
    .option("--from <log>", "draft a report from a pasted log or a filled issue form; - is stdin")
    .option(
      "--works <session>",
      "beside --from: what works in the same place: MODE, MODE/DATA, or inside",
      repeated,
      [],
    )
    .option("--fails <session>", "beside --from: what fails there too", repeated, [])
    .option("--draft <file>", "write the draft there, and not to the standard output")
    .option("--run", "run the draft at once")
    .option("--variants-only", "leave out what a fix does to other modes")
    .option("-j, --workers <n>", "sessions that work at the same time", wholeNumber(1, 1000), defaultWorkers)
    .option("--output <dir>", "keep the evidence there")
    .option(
      "--bundle <file>",
      "write all of it into one .tar.gz for an issue; the reporter's names, secrets and public addresses are replaced",
    )
    .option("--json", "for machines")
    .addHelpText("after", reproduceExamples)
    .action(async (file: string | undefined, options: Record<string, unknown>) => {
      const { runReproduce, runReproduceFrom } = await import("./reproduce.ts");
      const workers = options["workers"] as number;
      const [output, from, draft, bundle] = ["output", "from", "draft", "bundle"].map(
        (name) => options[name] as string | undefined,
      );
      const [works = [], fails = []] = ["works", "fails"].map((name) => options[name] as readonly string[]);
      const flags = { json: options["json"] === true, variantsOnly: options["variantsOnly"] === true };
      const how = { ...flags, workers, output, bundle, argv };
      if (from !== undefined && file === undefined) {
        finish(await runReproduceFrom({ from, draft, works, fails, run: options["run"] === true }, how));
      } else if (from === undefined && file !== undefined) finish(await runReproduce(file, how));
      else program.error("error: expected a report's file, or --from with a log", { exitCode: exitCodes.usage });
    });
}

const reproduceExamples = `
Examples:
  npm run matrix -- reproduce scenarios/bugs/br-02-private-address.yaml
  npm run matrix -- reproduce --from session.log --draft scenarios/bugs/br-50-listing-hangs.yaml
  npm run matrix -- reproduce --from session.log --run
  npm run matrix -- reproduce report.yaml --bundle report.tar.gz && npm run matrix -- diagnose report.tar.gz
  npm run --silent matrix -- reproduce scenarios/bugs/br-38-tls-required.yaml --json | jq -r .conclusion`;

function addShell(program: Command, finish: (exitCode: number) => void): void {
  addUserFiles(program.command("shell"))
    .description("bring up a cell's lab and open a shell in one of its nodes")
    .addArgument(new Argument("<cell>", "cell id"))
    .addArgument(new Argument("[node]", "node of the topology").default(undefined, "the client"))
    .action(async (cell: string, node: string | undefined, options: Readonly<Record<string, unknown>>) => {
      const { runShell } = await import("./shell.ts");
      finish(await runShell(cell, node, userFilesOf(options)));
    });
}

function addUpkeep(program: Command, finish: (exitCode: number) => void): void {
  program
    .command("setup")
    .description("make this machine ready: engine, kernel helpers, base image, images; changes nothing the second time")
    .option(
      "--all-images",
      "build the images of all clients and servers too, which else are built when a cell needs them",
    )
    .option("--save-images <file>", "write all images to a file, for another machine's --load-images")
    .option("--load-images <file>", "take the images of that file in place of building them")
    .option("--browser", "install Chromium too, for the tests of the page")
    .action(async (options: SetupOptions) => {
      const { runSetup } = await import("./setup.ts");
      finish(await runSetup(options));
    });
  program
    .command("doctor")
    .description("check everything that a run needs; one line of remedy for each failure")
    .option("--json", "for machines")
    .action(async (options: { readonly json?: boolean }) => {
      const { runDoctor } = await import("./doctor.ts");
      finish(await runDoctor({ json: options.json === true }));
    });
  program
    .command("clean")
    .description("remove every container that this tool ever left on the engine")
    .action(async () => {
      const { runClean } = await import("./clean.ts");
      finish(await runClean((line) => process.stdout.write(`${line}\n`)));
    });
  program
    .command("bench")
    .description("measure the matrix, a single cell, and the usual way: a fresh lab on Docker networks for each cell")
    .option("--quick", "leave the full matrix out")
    .action(async (options: { readonly quick?: boolean }) => {
      const { runBench } = await import("./bench.ts");
      finish(await runBench({ quick: options.quick === true }));
    });
}
