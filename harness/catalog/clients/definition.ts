import type { ClientOptions, TlsVersion } from "../../model/agent-protocol";
import type { Cell, ExpectedResult } from "../../model/cell";
import type { DataCommand, Mode } from "../../model/axes";
import type { ReleaseId } from "../../model/ids";
import type { ClientImage, ClientProgram } from "../../model/program";
import type { ServerTraits } from "../servers/definition";

/** A way of using a client, as a person who has the client would be told it. */
export type Usage = {
  readonly mode: Mode;
  readonly data: DataCommand;
  /** Options of the client id. */
  readonly words: readonly string[];
  readonly family: 4 | 6;
  /** An address, or a name. */
  readonly host: string;
  readonly port: number;
  /** A PEM file of the user's, with the certificate to trust; `null` if the system's are enough. */
  readonly caFile: string | null;
};

/** The program as Debian's releases have it, of which each is a client of its own: `curl@bullseye`. */
export type DebianProgram = {
  /** The package whose version is the program's. */
  readonly package: string;
  /** Releases of which there is an image with a folder of its own. */
  readonly images?: Readonly<Partial<Record<ReleaseId, ClientImage>>>;
  /** How this version differs from the one of Debian 13; left out: no known difference. */
  readonly at?: (version: string) => Partial<Omit<ClientDefinition, "id" | "debian">>;
};

/** A library from npm registry of which each version is a client of its own, in a user's own script: `basic-ftp@3.8.7`. */
export type NpmLibrary = {
  readonly package: string;
  /** The script's id; it loads the library from where its image has it (`npmPath`). */
  readonly script: string;
  /** The client that a version is; `null` if the script cannot use it. */
  readonly at: (version: string) => Omit<ClientDefinition, "id"> | null;
};

/** A client program, and the words that `+option` in a client id may use. One file each in this folder. */
export type ClientDefinition = {
  readonly id: string;
  readonly title: string;
  /** How it deals with the network, by default. */
  readonly defaults: ClientOptions;
  readonly options: Readonly<Record<string, { readonly description: string; readonly set: Partial<ClientOptions> }>>;
  /** The TLS library that it is built with, where that is not OpenSSL. */
  readonly tlsLibrary?: "gnutls";
  /** Left out if it comes from elsewhere. */
  readonly debian?: DebianProgram;
  readonly npm?: NpmLibrary;
  /** The release that this definition was made for from another one, and the version that the release has. */
  readonly release?: { readonly id: string; readonly version: string };
  /** How the packaged program is run and read; `null` for what the agent itself drives. */
  readonly program: ClientProgram | null;
  /** How the client is told to work so: a command line, settings or calls of its own; `null` if unknown it. */
  readonly usage: (usage: Usage) => readonly string[] | null;
  /** What makes it tell all that it says and hears: an option, a call or a setting; left out: nobody has to ask for it, or knows how. */
  readonly toldAll?: string;
  /** A command line of `usage` with which a transfer goes on where it stopped (REST, APPE); left out if no line says so. */
  readonly resumed?: (line: string, operation: "download" | "upload") => string;
  /** A packaged program that distinguishes a wait for 226 from a transfer that has stopped. */
  readonly tellsCompletion?: true;
  /**
   * Where the program does something else than any other client would in its place: what it then comes to, from the prediction of this or
   * another cell, or of a client with other options; `null` if nothing is special.
   */
  readonly expects?: (
    cell: Cell,
    predict: (change: Partial<Cell>, client?: Partial<ClientOptions>) => ExpectedResult,
    /** The version of TLS that client and server agree on; left out: the newest. */
    version?: TlsVersion | null,
    server?: ServerTraits,
  ) => ExpectedResult | null;
};
