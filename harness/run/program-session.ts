import { endingOf } from "../ftp/stage";
import type { RunningLab } from "../lab/lab-port";
import type { ProgramRequest, SessionRequest } from "../model/agent-protocol";
import type { Attempt, TransferRecord } from "../model/cell";
import type {
  ClientProgram,
  Lack,
  ProgramCommand,
  ProgramOutcome,
  ProgramSession,
  ProgramStory,
} from "../model/program";
import type { SessionScript } from "../model/session-script";
import { fillCommand } from "../plan/literal-command";
import { programUsers } from "../plan/program-users";
import { clientCaPath } from "../model/ftp-site";

type CommandProof = Extract<Lack["proof"], { readonly kind: "command" }>;

/** Where programs live while they run. */
const homes = "/tmp/ftp-nat-matrix";

/** The home of one run of a program; `id` is unique among those in flight. */
export function programHome(id: string): string {
  return `${homes}/${id}`;
}

/** A program that is not done by then is ended: its own time-outs, a retry of them, and a busy machine. */
const usualDeadlineMs = 30_000;

/**
 * * How often a session is repeated if chance has voided its premise. By chance too, 1 in 256, the helper reads the first clear line after
 * CCC: a session of `ftps-ccc-unprimed` that works has to work twice, since no program tells of the byte before the line.
 */
const mostRedraws = 40;

/** Whether a session is to transfer anything: it is, unless a report says that it is a login alone. */
export function asksTransfer(script: SessionScript | undefined): boolean {
  return script?.steps.some(({ kind }) => kind === "transfer") ?? true;
}

/** A program, and the session that it is to have. */
type ProgramSessionSpec = {
  readonly program: ClientProgram;
  /** The words of the client id's options. */
  readonly options: readonly string[];
  readonly request: SessionRequest;
  readonly script?: SessionScript | undefined;
};

/** Runs a packaged program's session, or proves that the program cannot have it. */
export async function runProgramSession(
  lab: Pick<RunningLab, "topology" | "runProgram">,
  spec: ProgramSessionSpec,
  onWaiting: () => void,
): Promise<Attempt> {
  const { program, options, request } = spec;
  const literal = spec.script?.command ?? null;
  const tellWaiting = program.keepsPlace === true ? () => undefined : onWaiting;
  const uid = programUsers(lab.topology).find(({ address }) => address === request.localAddress)?.uid;
  if (uid === undefined) throw new Error(`no user for ${request.localAddress}`);
  const place = { id: request.id, uid, home: programHome(request.id) };
  const session: ProgramSession = {
    ...request,
    options,
    caFile: clientCaPath,
    home: place.home,
    connectSeconds: Math.ceil(request.deadlines["data-connect"] / 1000),
  };
  // It is unknown what a reporter's own command line lacks.
  const lack = literal === null ? program.lacks(session) : null;
  if (lack?.proof.kind === "command") {
    const outcome = await lab.runProgram(programRequest({ argv: lack.proof.argv }, place), tellWaiting);
    return proofOf(lack.what, lack.proof, outcome);
  }
  const names = session.files.map(({ name }) => name);
  const command = programRequest(
    literal === null ? program.command(session) : fillCommand(literal, program.command(session), session),
    place,
    {
      makes: session.operation === "upload" ? session.files : [],
      wants: session.operation === "list" ? [] : names,
    },
    program.deadlineMs,
  );
  let worked = 0;
  for (let redraws = 0; ; redraws += 1) {
    const outcome = await lab.runProgram(command, tellWaiting);
    const story = program.read(outcome, session);
    if (literal !== null) {
      const listed = asksTransfer(spec.script) ? story.listed : null;
      return attemptOf(outcome, { session, story: { ...story, listed, lack: null }, redraws });
    }
    if (story.succeeded && story.lack === null) worked += 1;
    const isPerhapsLuck = session.mode === "ftps-ccc-unprimed" && worked === 1 && story.succeeded;
    const isVoid = isPerhapsLuck || (story.redraw ?? null) !== null;
    if (!isVoid || redraws === mostRedraws) return attemptOf(outcome, { session, story, redraws });
  }
}

function programRequest(
  command: ProgramCommand,
  place: Pick<ProgramRequest, "id" | "uid" | "home">,
  files: Pick<ProgramRequest, "makes" | "wants"> = { makes: [], wants: [] },
  deadlineMs = usualDeadlineMs,
): ProgramRequest {
  return { kind: "program", ...place, command, ...files, deadlineMs };
}

/** A lack that the program itself shows; one that it does not show is no verdict at all. */
function proofOf(what: string, proof: CommandProof, outcome: ProgramOutcome): Attempt {
  const text = outcome.output.map((line) => line.text).join("\n");
  const holds = proof.pattern.test(text) === (proof.expect === "present");
  const words = `${proof.argv.join(" ")} ${proof.expect === "present" ? "shows" : "does not show"} ${String(proof.pattern)}`;
  return {
    result: holds ? "unsupported" : "not-run",
    stage: null,
    message: holds ? `${what} (${words})` : `${what} This is not proven, since it is not true that ${words}.`,
    replyCode: null,
    startedAt: outcome.startedAt,
    durationMs: outcome.durationMs,
    stages: [],
    transcript: [],
    transfers: [],
    ...printed(outcome),
    redraws: 0,
  };
}

function printed({ output }: ProgramOutcome): Pick<Attempt, "output" | "outputStreams"> {
  const outputStreams = output.map(({ stream }) => (stream === "stdout" ? "1" : "2")).join("");
  return { output: output.map(({ text }) => text), ...(outputStreams === "" ? {} : { outputStreams }) };
}

type Played = { readonly session: ProgramSession; readonly story: ProgramStory; readonly redraws: number };

/** The result of a program's run, in the form of any other session; the stages are read from the dialogue that it shows. */
function attemptOf(outcome: ProgramOutcome, { session, story, redraws }: Played): Attempt {
  const told = {
    startedAt: outcome.startedAt,
    durationMs: outcome.durationMs,
    stages: [],
    transcript: story.transcript,
    // A file in its folder counts as fetched only if the program says so.
    transfers: story.succeeded || session.operation === "upload" ? transfersOf(outcome, session) : [],
    ...printed(outcome),
    redraws,
  };
  if (story.lack !== null) {
    return { ...told, result: "unsupported", stage: null, message: story.lack, replyCode: null };
  }
  const missing = session.files.filter(({ name }) => story.listed?.includes(name) === false);
  if (story.succeeded && missing.length > 0) {
    const message = `${missing.map(({ name }) => name).join(", ")} not listed`;
    return { ...told, result: "failed", stage: "integrity", message, replyCode: null };
  }
  if (story.succeeded) return { ...told, result: "worked", stage: null, message: null, replyCode: null };
  const { stage, replyCode } = endingOf(story, session);
  const hung = outcome.timedOut
    ? `ended after ${Math.round(outcome.durationMs / 1000)} s, since it did not end by itself`
    : null;
  return { ...told, result: "failed", stage, message: story.message ?? hung ?? exitWords(outcome), replyCode };
}

function exitWords({ exitCode, output }: ProgramOutcome): string {
  const last = output.at(-1)?.text.trim() ?? "";
  const status = exitCode === null ? "ended by a signal" : `exit status ${exitCode}`;
  return last === "" ? status : `${last} (${status})`;
}

function transfersOf({ files }: ProgramOutcome, { operation }: ProgramSession): readonly TransferRecord[] {
  if (operation === "list") return [];
  return files.map(({ name, size, sha256 }) => ({ name, size, clientSha256: sha256, serverSha256: null }));
}
