import { Command } from "@commander-js/extra-typings";
import { createColors } from "picocolors";
import { matchJson, matchText, terminalTraits } from "../../../reports";
import { readLog } from "../../bugs/logs/read-log";
import { symptomOf } from "../../bugs/logs/symptom";
import { sessionsBeside } from "../../bugs/match/known-traits";
import { knownCells } from "../../bugs/match/table";
import { dataCommands, modes, operations, stages } from "../../model/axes";
import { exitCodes, NoCellError, UsageError } from "../../model/errors";
import type { MatchReport } from "../../model/match";
import { nothingKnown, type Symptom } from "../../model/symptom";
import { loadCatalog } from "../catalog";
import type { DeclareCommand } from "../command";
import { known, matchSymptom, readPasted, sessionsOf } from "../match-symptom";
import { repeatable } from "../repeatable";

export const command: DeclareCommand = ({ finish }) =>
  new Command("match")
    .summary("find the likely causes of what a log shows")
    .description("find the causes that fit a log or a symptom, the likeliest first, with cells that show the same")
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
    .addOption(
      repeatable(
        "--works <session>",
        "what works from the same place: MODE, MODE/DATA, or inside (from the server's own network); repeatable",
      ),
    )
    .addOption(repeatable("--fails <session>", "what fails from there too; repeatable"))
    .option("--json", "print JSON, for machines")
    .addHelpText("after", examples)
    .action((options) => {
      finish(runMatch(options));
    });

const examples = `
Examples:
  npm run matrix -- match --log session.log
  npm run matrix -- match --log session.log --works ftp --works inside
  npm run matrix -- match --mode ftps --data pasv --stage data-connect \\
    --works ftp/pasv
  npm run --silent matrix -- match --stage data-tls --reply 425 --json \\
    | jq '.candidates[0].cause'`;

/** What a person knows of a session that fails, as typed. */
type MatchOptions = {
  /** A file with a pasted log; `-` is standard input. */
  readonly log?: string;
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

/** `match`: the cells that show what a person observed, with their causes, the likeliest first. */
function runMatch(options: MatchOptions): number {
  const symptom = { ...symptomIn(options.log), ...told(options) };
  const others = [...sessionsBeside(symptom), ...sessionsOf(options.works, true), ...sessionsOf(options.fails, false)];
  const { candidates, question } = matchSymptom(symptom, others, knownCells(loadCatalog()));
  if (candidates.length === 0 && symptom.result === "failed") {
    throw new NoCellError("No known cell shows this, and the symptom alone does not tell the cause.", {
      code: "no-match",
      hint: "Leave out what you are least sure of, such as --stage or --fails.",
    });
  }
  const match: MatchReport = {
    symptom,
    candidates: candidates.map((candidate) => ({ ...candidate, cells: candidate.cells.map(({ cell }) => cell.id) })),
    question,
  };
  const { colour, unicode } = terminalTraits(process.stdout.isTTY, process.env);
  process.stdout.write(
    options.json === true ? matchJson(match) : matchText(match, { colours: createColors(colour), unicode }),
  );
  return exitCodes.expected;
}

function symptomIn(file: string | undefined): Symptom {
  if (file === undefined) return nothingKnown;
  const log = readLog(readPasted(file));
  if (log === null) {
    throw new UsageError(`${file} contains no line of an FTP dialogue.`, {
      code: "no-dialogue",
      hint: "Paste what the client prints with its debug option: commands such as PASV, replies such as 227.",
    });
  }
  return symptomOf(log);
}

/** What was typed beside a log goes before it. */
function told(options: MatchOptions): Partial<Symptom> {
  const { mode, data, operation, stage, reply, message, dialled, announced } = options;
  if (reply !== undefined && !/^[1-6]\d\d$/.test(reply)) {
    throw new UsageError(`--reply: \`${reply}\` is no reply code.`, { code: "unknown-name", hint: "Such as 425." });
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
