/** Completions for shells, made from the program's own commands and options, which commander has none for. */
import { Argument, Command, InvalidArgumentError, Option, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { DeclareCommand } from "../command";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

export const command: DeclareCommand = ({ allCommands }) =>
  new Command("completion")
    .summary("print completions for a shell")
    .description("print shell completions for a command named ftp-nat-matrix (or --name)")
    .addArgument(new Argument("<shell>", "whose").choices(shells))
    .addOption(new Option("--name <word>", "the command's name").default("ftp-nat-matrix").argParser(commandWord))
    .action(async (shell, { name }) => {
      process.stdout.write(completionScript(await allCommands(), shell, name));
    });

/** It becomes part of a shell's text. */
function commandWord(text: string): string {
  if (/^[a-z][a-z0-9_-]*$/.test(text)) return text;
  throw new InvalidArgumentError("Expected a word of lower-case letters, digits, - and _.");
}

type Word = { readonly word: string; readonly help: string };
type Entry = { readonly name: string; readonly help: string; readonly options: readonly Word[] };

/** The script that a shell is to read, for a program that is called by `name`. */
export function completionScript(commands: readonly CommandUnknownOpts[], shell: Shell, name: string): string {
  const entries = commands.map((command) => ({
    name: command.name(),
    help: firstSentence(command.description()),
    options: command.options.filter(({ hidden }) => !hidden).flatMap(wordsOf),
  }));
  switch (shell) {
    case "bash":
      return bashScript(entries, name);
    case "zsh":
      // zsh reads bash's words by itself.
      return `#compdef ${name}\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(entries, name)}`;
    case "fish":
      return fishScript(entries, name);
  }
}

function wordsOf(option: Option): readonly Word[] {
  const help = firstSentence(option.description);
  return [option.short, option.long].flatMap((word) => (word === undefined ? [] : [{ word, help }]));
}

function firstSentence(text: string): string {
  return text.split(/[;.:]\s/)[0] ?? "";
}

function bashScript(entries: readonly Entry[], name: string): string {
  const cases = entries.map(({ name: command, options }) => {
    return `    ${command}) words="${options.map(({ word }) => word).join(" ")}" ;;`;
  });
  const run = entries.find((entry) => entry.name === "run");
  const own = ["--help", "--version"];
  const first = [...entries.map((entry) => entry.name), ...own, ...(run?.options.map(({ word }) => word) ?? [])].join(
    " ",
  );
  const completer = `_${name.replaceAll("-", "_")}`;
  return `${completer}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) words="${run?.options.map(({ word }) => word).join(" ") ?? ""}" ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${first}"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F ${completer} ${name}
`;
}

function fishScript(entries: readonly Entry[], name: string): string {
  const own = [
    `complete -c ${name} -n __fish_use_subcommand -s h -l help -d 'Show the options'`,
    `complete -c ${name} -n __fish_use_subcommand -s V -l version -d 'Print the version'`,
  ];
  const lines = entries.flatMap(({ name: command, help, options }) => [
    `complete -c ${name} -n __fish_use_subcommand -a ${command} -d ${quoted(help)}`,
    ...options.map(({ word, help: about }) => {
      const flag = word.startsWith("--") ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`;
      return `complete -c ${name} -n '__fish_seen_subcommand_from ${command}' ${flag} -d ${quoted(about)}`;
    }),
  ]);
  return `${[...own, ...lines].join("\n")}\n`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
