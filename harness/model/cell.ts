import type { DataCommand, Mode, Operation, Outcome, Result, Stage } from "./axes";
import type { CauseId } from "./diagnosis";
import type { SessionScript } from "./session-script";

/** One question to the lab: does this operation work, this way, through this network? */
export type Cell = {
  /** `topology/server/client/mode/data/operation`. */
  readonly id: string;
  readonly topology: string;
  readonly server: string;
  /** Program id, and `+option` for each departure from its defaults: `basic-ftp+no-resume`. */
  readonly client: string;
  readonly mode: Mode;
  readonly data: DataCommand;
  readonly operation: Operation;
};

/** What the prediction or a scenario expects of a cell, and why. */
export type ExpectedResult = {
  readonly result: Result;
  /** The stage that fails; `null` unless `result` is `failed`. */
  readonly stage: Stage | null;
  /** `null` unless `result` is `failed`, and where any cause will do. */
  readonly cause: CauseId | null;
  /** One sentence for a person. */
  readonly reason: string;
  /** Set if nothing can be predicted: any result is then as expected. */
  readonly unpredicted?: true;
};

/** A cell with what is expected of it: the unit of planning, listing and running. */
export type PlannedCell = {
  readonly cell: Cell;
  readonly expected: ExpectedResult;
  /** What its session does, where that is more than the cell says. */
  readonly script?: SessionScript;
  /** Left out: as often as the run says. */
  readonly runs?: number;
  /** Whether its evidence is kept even where the run keeps only that of surprises. */
  readonly keepsEvidence?: true;
};

/** How long a stage lasted, on the client's monotonic clock, in ms since the session's start. */
export type StageSpan = { readonly stage: Stage; readonly startMs: number; readonly endMs: number };

/** A line of the control dialogue as the client saw it; `PASS` is masked. */
export type TranscriptLine = {
  readonly atMs: number;
  /** `>` sent, `<` received, `*` a remark of the client. */
  readonly direction: ">" | "<" | "*";
  readonly text: string;
};

/** A file carried in one direction, or begun to be sent, with the hash at both ends. */
export type TransferRecord = {
  readonly name: string;
  readonly size: number;
  readonly clientSha256: string;
  /** `null` if the server's side was not asked, since the session had failed already. */
  readonly serverSha256: string | null;
};

/** One session of a cell, as the client told it and as the server's files confirm it. */
export type Attempt = {
  readonly result: Result;
  readonly stage: Stage | null;
  /** The client's error, or what differed; `null` when it worked. */
  readonly message: string | null;
  /** Code of the reply that decided the failure; `null` if no reply did. */
  readonly replyCode: number | null;
  /** When the session began, in seconds since the epoch, by the clock that all witnesses of a lab share. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly stages: readonly StageSpan[];
  readonly transcript: readonly TranscriptLine[];
  readonly transfers: readonly TransferRecord[];
  /** What a packaged program printed, line by line; empty for the agent's own clients, which print nothing. */
  readonly output: readonly string[];
  /** For each line of `output` 1 for standard output or 2 for standard error; left out where nothing was printed, or nobody noted it. */
  readonly outputStreams?: string;
  /** Sessions given up and begun anew because chance had voided the cell's premise (see `ftps-ccc-unprimed`). */
  readonly redraws: number;
};

/** A cell's verdict, as it stands in `report.json`. */
export type CellResult = Cell & {
  readonly result: Result;
  readonly stage: Stage | null;
  /** Id of the root cause; a report of another version may name one that this version does not know. */
  readonly cause: string | null;
  readonly outcome: Outcome;
  readonly expected: Omit<ExpectedResult, "cause"> & Pick<CellResult, "cause">;
  readonly durationMs: number;
  readonly message: string | null;
  readonly replyCode: number | null;
  /** Sessions run: 1 plus retries. */
  readonly attempts: number;
  /** 1-based run of this cell under `--repeat-each`. */
  readonly repeat: number;
  /** Paths of evidence files, relative to the report's folder. */
  readonly evidence: readonly string[];
};
