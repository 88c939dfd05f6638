import { type Passage } from "./packet-walk";
import type { Told } from "./rules/node-rules";
import type { ServerTraits } from "../../catalog/servers/definition";
import type { HelperLine, ServerNode, Topology } from "../../model/topology";
import type { ForeignAddressPolicy } from "../../model/agent-protocol";

/** A session that has logged in and is about to arrange a data connection. */
export type Session = {
  /** As its data connection meets it. */
  readonly topology: Topology;
  /** The host that has the control connection. */
  readonly host: ServerNode;
  /** How the control connection passed each router, client to server. */
  readonly control: readonly Passage[];
  readonly controlPort: number;
  /** Whether the server's host follows FTP for its own firewall; left out: it has no rules of its own. */
  readonly hostHelper?: Told<boolean>;
  /** The client's address as the server sees it. */
  readonly peer: string;
  /** Whether a helper can parse the data command and its reply. */
  readonly readable: boolean;
  /** Whether the data command, or its reply, is the first clear line after CCC. */
  readonly isFirstClearLine: boolean;
  /** Why a line of the session cannot be read, where it cannot, as a clause. */
  readonly blindness: (line: string) => string;
  readonly foreignAddress: ForeignAddressPolicy;
  /** Whether the client sends EPSV with its family's number. */
  readonly namesFamily: boolean;
  readonly server: Pick<
    ServerTraits,
    "refusesActive" | "foreignAddress" | "foreignAddressCode" | "otherFamily" | "refusesForeignPeer" | "connects"
  >;
  /** The line of the session that helpers live from. */
  readonly word: HelperLine;
  /** ProFTPD's AllowForeignAddress; `null` if it is not written. */
  readonly foreignPeers: "on" | "off" | null;
};
