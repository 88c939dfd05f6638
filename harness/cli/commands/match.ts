import { isSftp } from "../../bugs/logs/is-ftp";
import { Command } from "@commander-js/extra-typings";
import { createColors } from "picocolors";
import { matchJson, matchText, terminalTraits } from "../../../reports";
import type { Paste } from "../../bugs/logs/read-pastes";
import { sessionsBeside } from "../../bugs/match/known-traits";
import { dataCommands, modes, operations, stages } from "../../model/axes";
import { listed } from "../../diagnose/words";
import { exitCodes, NoCellError, UsageError } from "../../model/errors";
import { nothingKnown, type Symptom } from "../../model/symptom";
import type { DeclareCommand } from "../command";
import { loadKnownCells } from "../known-cells";
import { known, matchReport, matchSymptom, sessionsOf } from "../match-symptom";
import { readPasted } from "../read-pasted";
import { readCase } from "../read-symptom";
import { repeatable } from "../repeatable";

export const command: DeclareCommand = ({ finish }) =>
  new Command("match")
    .summary("find the likely causes of what a log shows")
    .description(
      "find the causes of what pasted logs show, the likeliest first, with the lines that show them, their cures, " +
        "and which further logs would help",
    )
    .argument("[files...]", "pasted logs of one case, as with --log")
    .addOption(
      repeatable("--log <file>", "a pasted log: of a client, a server, a kernel or a firewall; - is stdin; repeatable"),
    )
    .option("--mode <id>", "how the session was protected: ftp, ftps, ftps-ccc and so on")
    .option("--data <id>", "the command that arranged the data connection: pasv, epsv, port, eprt")
    .option("--operation <id>", "what was tried after login: list, download, upload")
    .option("--stage <id>", "where it stopped, such as data-connect")
    .option("--reply <code>", "the reply code that ended it, such as 425")
    .option("--message <text>", "what the client said")
    .option("--dialled <address>", "the address that the client dialled")
    .option("--announced <address>", "the address in 227, as the client saw it")
    .addOption(
      repeatable(
        "--works <session>",
        "what works from the same place: MODE, MODE/DATA, or inside (from the server's own network); repeatable",
      ),
    )
    .addOption(repeatable("--fails <session>", "what fails from there too; repeatable"))
    .option("--json", "print JSON, for machines")
    .addHelpText("after", examples)
    .action((files, options) => {
      finish(runMatch([...files, ...options.log], options));
    });

const examples = `
Examples:
  npm run matrix -- match session.log
  npm run matrix -- match --log client.log --log server.log --log kernel.log
  npm run matrix -- match --log session.log --works ftp --works inside
  npm run matrix -- match --mode ftps --data pasv --stage data-connect \\
    --works ftp/pasv
  npm run --silent matrix -- match --stage data-tls --reply 425 --json \\
    | jq '.candidates[0].cause'`;

/** What a person knows of a session that fails, as typed. */
type MatchOptions = {
  readonly mode?: string;
  readonly data?: string;
  readonly operation?: string;
  readonly stage?: string;
  readonly reply?: string;
  readonly message?: string;
  readonly dialled?: string;
  readonly announced?: string;
  /** `MODE`, `MODE/DATA` or `inside`: what the same user does in the same place, and works or fails. */
  readonly works: readonly string[];
  readonly fails: readonly string[];
  readonly json?: boolean;
};

/** `match`: the causes of what was pasted or typed, the likeliest first. @param files `-` is standard input */
function runMatch(files: readonly string[], options: MatchOptions): number {
  const typed = told(options);
  if (files.length === 0 && Object.keys(typed).length === 0) {
    throw new UsageError("There is nothing to match.", {
      code: "nothing-pasted",
      hint:
        "Name a file with a log: `npm run matrix -- match session.log`; - is standard input. `match --help` " +
        "shows what else you can say.",
    });
  }
  const pastes = pastesIn(files);
  const read = pastes.length === 0 ? { symptom: nothingKnown } : readCase(pastes);
  if (read === null) throw withoutFtp(pastes);
  const symptom = { ...read.symptom, ...typed };
  const others = [...sessionsBeside(symptom), ...sessionsOf(options.works, true), ...sessionsOf(options.fails, false)];
  const match = matchReport(
    symptom,
    pastes,
    matchSymptom(symptom, others, loadKnownCells(), "around" in read ? read.around : undefined),
  );
  if (match.candidates.length === 0 && pastes.length > 0 && symptom.lines.length === 0 && symptom.facts === undefined) {
    throw withoutFtp(pastes);
  }
  if (match.candidates.length === 0 && symptom.result === "failed") {
    throw new NoCellError("Nothing in it tells the cause, and no known network shows the same.", {
      code: "no-match",
      hint:
        pastes.length === 0
          ? "Leave out what you are least sure of, such as --stage or --fails."
          : "Paste the whole session, from its connection to the error; or the server's log of it beside this with another --log.",
    });
  }
  const { colour, unicode } = terminalTraits(process.stdout.isTTY, process.env);
  process.stdout.write(
    options.json === true ? matchJson(match) : matchText(match, { colours: createColors(colour), unicode }),
  );
  return exitCodes.expected;
}

function withoutFtp(pastes: readonly Paste[]): UsageError {
  if (pastes.some(({ text }) => isSftp(text)))
    return new UsageError(`${listed(pastes.map(({ name }) => name))}: this is SFTP, a protocol of SSH, not FTP.`, {
      code: "no-dialogue",
      hint: "SFTP has a single connection, so there are no data ports that a router has to let pass. The log of the SSH server tells why it refuses.",
    });
  return new UsageError(`${listed(pastes.map(({ name }) => name))}: it contains nothing of FTP.`, {
    code: "no-dialogue",
    hint:
      "Paste what the client prints with its debug option (commands such as PASV, replies such as 227), " +
      "the server's log, or a firewall's lines about the connection.",
  });
}

function pastesIn(files: readonly string[]): readonly Paste[] {
  if (files.filter((file) => file === "-").length > 1) {
    throw new UsageError("Standard input can be read only once.", { code: "nothing-pasted", hint: "Name `-` once." });
  }
  return files.map((file) => ({ name: file === "-" ? "standard input" : file, text: readPasted(file) }));
}

/** What was typed beside a log goes before it. */
function told(options: MatchOptions): Partial<Symptom> {
  const { mode, data, operation, stage, reply, message, dialled, announced } = options;
  if (reply !== undefined && !/^[1-6]\d\d$/.test(reply)) {
    throw new UsageError(`--reply: \`${reply}\` is not a reply code.`, { code: "unknown-name", hint: "Such as 425." });
  }
  return {
    ...(mode === undefined ? {} : { mode: known("--mode", mode, modes) }),
    ...(data === undefined ? {} : { data: known("--data", data, dataCommands) }),
    ...(operation === undefined ? {} : { operation: known("--operation", operation, operations) }),
    ...(stage === undefined ? {} : { stage: known("--stage", stage, stages) }),
    ...(reply === undefined ? {} : { replyCode: Number(reply) }),
    ...(message === undefined ? {} : { message }),
    ...(dialled === undefined ? {} : { dialled }),
    ...(announced === undefined ? {} : { announced: { address: announced, port: 0 } }),
  };
}
