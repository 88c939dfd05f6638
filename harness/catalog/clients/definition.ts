import type { ClientOptions, TlsVersion } from "../../model/agent-protocol";
import type { Cell, ExpectedResult } from "../../model/cell";
import type { ClientProgram } from "../../model/program";
import type { ServerTraits } from "../servers/definition";

/** A client program, and the words that `+option` in a client id may use. One file each in this folder. */
export type ClientDefinition = {
  readonly id: string;
  readonly title: string;
  /** How it deals with the network, by default. */
  readonly defaults: ClientOptions;
  readonly options: Readonly<Record<string, { readonly description: string; readonly set: Partial<ClientOptions> }>>;
  /** The TLS library that it is built with, where that is not OpenSSL. */
  readonly tlsLibrary?: "gnutls";
  /** How the packaged program is run and read; `null` for what the agent itself drives. */
  readonly program: ClientProgram | null;
  /** A packaged program that tells a wait for 226 from a transfer that stands still. */
  readonly tellsCompletion?: true;
  /**
   * Where the program does something else than any other client would in its place: what it then comes to, from the prediction of
   * this or another cell, or of a client with other options; `null` where nothing is special.
   */
  readonly expects?: (
    cell: Cell,
    predict: (change: Partial<Cell>, client?: Partial<ClientOptions>) => ExpectedResult,
    /** The version of TLS that client and server agree on; left out: the newest. */
    version?: TlsVersion | null,
    server?: ServerTraits,
  ) => ExpectedResult | null;
};
