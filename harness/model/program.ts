/** Client programs that are driven as they are packaged: what is asked of them, and what they print. */
import type { Cell, TranscriptLine } from "./cell";
import type { ImageName } from "./ids";
import type { ReleaseImage } from "./release-image";
import type { RemoteFile } from "./remote-file";

/** What a program's session is about. */
export type ProgramSession = Pick<Cell, "mode" | "data" | "operation"> & {
  /** Options of the client id: `curl+skip-pasv-ip`. */
  readonly options: readonly string[];
  /** Name to dial; the certificate carries it. */
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6;
  readonly user: string;
  readonly password: string;
  /** PEM file of the CA that signed the server's certificate. */
  readonly caFile: string;
  /** Remote folder, with a leading slash and none at the end. */
  readonly folder: string;
  /** To be listed, fetched, or sent. */
  readonly files: readonly RemoteFile[];
  /** The program's own folder: its HOME, its working directory; files to be sent lie here, fetched ones are looked for here. */
  readonly home: string;
  /** Seconds after which a connection that is not answered should be given up, where the program has an option for it. */
  readonly connectSeconds: number;
};

/** A command line and what it needs to find. */
export type ProgramCommand = {
  /** Program and arguments; no shell is in between. */
  readonly argv: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What it reads from its standard input; nothing else comes. */
  readonly input?: string;
  /**
   * A user's program in a user's image: it has the image's own environment, and if it cannot be started, that is its own failure and
   * none of the lab. Left out: a program of the lab's images.
   */
  readonly inOwnImage?: true;
  /** Written before it starts; paths relative to its home. */
  readonly files?: readonly { readonly path: string; readonly text: string }[];
};

/** A line that a program printed. */
export type OutputLine = {
  readonly atMs: number;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
};

/** The result of a program. */
export type ProgramOutcome = {
  /** Seconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** `null` when it was ended by a signal. */
  readonly exitCode: number | null;
  /** Ended with all its children, since it did not end by itself. */
  readonly timedOut: boolean;
  /** As printed, at most so many lines; longer lines are cut. */
  readonly output: readonly OutputLine[];
  /** Files of its home that it was to fetch or send, as they lie there. */
  readonly files: readonly { readonly name: string; readonly size: number; readonly sha256: string }[];
};

/** What a program's output says. */
export type ProgramStory = {
  /** The control dialogue as far as the program shows it. */
  readonly transcript: readonly TranscriptLine[];
  /** Names in the listing, where one was asked for and shown; else `null`. */
  readonly listed: readonly string[] | null;
  /** What it told its user about the failure, in its own words; `null` if it said nothing or all is well. */
  readonly message: string | null;
  /** Whether the program itself says that it did what it was asked. */
  readonly succeeded: boolean;
  /** What the session showed that the program does not do as asked, such as a command that it sends by itself; else `null`. */
  readonly lack: string | null;
  /** What chance did so that the session does not show what the cell asks, and should be had again; else `null`, or left out. */
  readonly redraw?: string | null;
};

/** Why a program cannot do what a cell asks, and how the run proves it. */
export type Lack = {
  /** One sentence. */
  readonly what: string;
  readonly proof:
    /** A command in the program's container, whose output must or must not match. */
    | {
        readonly kind: "command";
        readonly argv: readonly string[];
        readonly expect: "absent" | "present";
        readonly pattern: RegExp;
      }
    /**
     * The session itself shows it: its story must tell of the lack. It can only where the session comes that far: to a data command,
     * or to a first clear line, for which CCC has to be granted.
     */
    | { readonly kind: "session"; readonly shownBy: "data-command" | "first-clear-line" };
};

/** Images in which clients live. The agent is put into each. */
export type ClientImage = Exclude<ImageName, "router" | "translator" | `server${string}`> | ReleaseImage;

/** A client program: how it is run and read. Pure. */
export type ClientProgram = {
  readonly image: ClientImage;
  /** Prints its version, which `versionPattern` finds as its first group. */
  readonly version: { readonly argv: readonly string[]; readonly pattern: RegExp };
  /** After so long it is ended, where its own time-outs are long and cannot be set. */
  readonly deadlineMs?: number;
  /** Whether each process costs so much (Node: 50 MB) that one which waits still keeps its place, and lets no other start. */
  readonly keepsPlace?: boolean;
  /** Whether it starts a display, a message bus or a toolkit, which costs as much as dozens of other sessions. */
  readonly isHeavy?: true;
  /** Whether it is a script for a library of Node's, which is bundled on the host and put into the container. */
  readonly isNodeScript?: true;
  /** What of a session it cannot do; `null` if it can. */
  readonly lacks: (session: Pick<ProgramSession, "mode" | "data" | "operation" | "family" | "options">) => Lack | null;
  readonly command: (session: ProgramSession) => ProgramCommand;
  readonly read: (outcome: ProgramOutcome, session: ProgramSession) => ProgramStory;
};
