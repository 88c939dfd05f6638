import type { CommandUnknownOpts } from "@commander-js/extra-typings";

/** What the program gives to each of its commands. */
export type CommandContext = {
  /** What the user typed after the program's name. */
  readonly argv: readonly string[];
  /** Takes the exit code of the command that ran. */
  readonly finish: (exitCode: number) => void;
  /** The names of all commands. */
  readonly commandNames: readonly string[];
  /** All commands, with their options. */
  readonly allCommands: () => Promise<readonly CommandUnknownOpts[]>;
};

/** Declares a command: its help, its options and what it does. */
export type DeclareCommand = (context: CommandContext) => CommandUnknownOpts;
