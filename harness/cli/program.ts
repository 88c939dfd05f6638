import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { projectVersion } from "../lab/project";
import type { CommandContext, DeclareCommand } from "./command";

/** The commands, in the order of the help. A file is loaded when its command is called, or when the help lists all. */
const files = {
  run: () => import("./commands/run.ts"),
  list: () => import("./commands/list.ts"),
  explain: () => import("./commands/explain.ts"),
  prove: () => import("./commands/prove.ts"),
  advise: () => import("./commands/advise.ts"),
  diagnose: () => import("./commands/diagnose.ts"),
  match: () => import("./commands/match.ts"),
  reproduce: () => import("./commands/reproduce.ts"),
  collect: () => import("./commands/collect.ts"),
  import: () => import("./commands/import.ts"),
  shell: () => import("./commands/shell.ts"),
  merge: () => import("./commands/merge.ts"),
  compare: () => import("./commands/compare.ts"),
  show: () => import("./commands/show.ts"),
  completion: () => import("./commands/completion.ts"),
  setup: () => import("./commands/setup.ts"),
  doctor: () => import("./commands/doctor.ts"),
  clean: () => import("./commands/clean.ts"),
  bench: () => import("./commands/bench.ts"),
  faults: () => import("./commands/faults.ts"),
  soak: () => import("./commands/soak.ts"),
} satisfies Readonly<Record<string, () => Promise<{ readonly command: DeclareCommand }>>>;

const loaders: ReadonlyMap<string, () => Promise<{ readonly command: DeclareCommand }>> = new Map(
  Object.entries(files),
);

/** What the first argument may be beside a scenario file or a cell id. */
export const commandNames: readonly string[] = [...loaders.keys()];

/** Without a command this one is meant. */
const defaultCommand = "run";

/** Builds the command line that these arguments need; `finish` receives the exit code of the command that ran. */
export async function buildProgram(
  argv: readonly string[],
  finish: (exitCode: number) => void,
): Promise<CommandUnknownOpts> {
  const context: CommandContext = {
    argv,
    finish,
    commandNames,
    allCommands: () => declare(commandNames, context),
  };
  const program = new Command("ftp-nat-matrix")
    .description("Tells why FTP works or fails through NAT and firewalls: real ProFTPD, real iptables, real clients.")
    .usage("[command] [options]")
    .version(projectVersion(), "-V, --version", "print the version of this tool")
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${argumentsOf(command)}`.trimEnd() })
    .showSuggestionAfterError()
    .showHelpAfterError("(--help shows the options)")
    .exitOverride();
  for (const command of await declare(needed(argv), context)) {
    program.addCommand(command.copyInheritedSettings(program), { isDefault: command.name() === defaultCommand });
  }
  return program.addHelpText("after", () => optionsOfRun(program) + examples);
}

/** The names of the commands that these arguments can come to. */
function needed(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  const first = words[0] ?? argv[end + 1] ?? "";
  if (loaders.has(first)) return [first];
  if (first === "help" || words.includes("--help") || words.includes("-h")) return commandNames;
  return words.includes("--version") || words.includes("-V") ? [] : [defaultCommand];
}

function declare(names: readonly string[], context: CommandContext): Promise<readonly CommandUnknownOpts[]> {
  return Promise.all(
    [...loaders].filter(([name]) => names.includes(name)).map(async ([, load]) => (await load()).command(context)),
  );
}

function argumentsOf(command: CommandUnknownOpts): string {
  return command.registeredArguments
    .map((argument) => {
      const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
      return argument.required ? `<${name}>` : `[${name}]`;
    })
    .join(" ");
}

/** `run` is the default command, so its options belong on the first page. */
function optionsOfRun(program: CommandUnknownOpts): string {
  const help = program.commands.find((command) => command.name() === defaultCommand)?.helpInformation() ?? "";
  return `\n${help.slice(help.indexOf("Arguments:")).replace(/^(Arguments|Options):/gm, "$1 of run:")}`;
}

const examples = `
Examples:
  npm run matrix                      runs the core matrix
  npm run matrix -- --topology server-nat-helper --data pasv
  npm run matrix -- server-nat/tls-optional/basic-ftp/ftps/pasv/list
  npm run matrix -- --server '*' --mode 'ftps-ccc*' --mode '!ftps-ccc-unprimed'
  npm run matrix -- --topology 'firewall*+reject'      with a condition
  npm run matrix -- scenarios/smoke.yaml --repeat-each 5
  npm run matrix -- list clients
  npm run --silent matrix -- list --json | jq '.cells[].id'
  npm run matrix -- explain server-nat/tls-optional/basic-ftp/ftps/pasv/list
  npm run matrix -- prove server-nat/tls-optional/basic-ftp/ftps/pasv/list --all
  npm run matrix -- match --log session.log --works ftp
  npm run matrix -- shell server-nat/tls-optional/basic-ftp/ftp/pasv/list router

Exit codes:
  0    all as expected
  1    something unexpected
  2    usage or input error
  3    the lab could not be built or broke
  4    no cell matched
  130  interrupted, after cleaning up`;
