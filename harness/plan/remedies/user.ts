import { resolveClient } from "../../catalog/clients/registry";
import type { DataCommand, Mode } from "../../model/axes";
import { forwardRange } from "./network";
import { withCell, type LabRemedy, type Setup } from "./setup";

export function useMode(mode: Mode, what: string): LabRemedy {
  return { id: null, party: "user", what, apply: (setup) => withCell(setup, { mode }) };
}

export function useData(data: DataCommand, what: string): LabRemedy {
  return { id: null, party: "user", what, apply: (setup) => withCell(setup, { data }) };
}

/** A client that trusts its control connection and not the 227. */
export const ignoreAddress: LabRemedy = {
  id: null,
  party: "user",
  what: "Let the client dial the address of its control connection, whatever 227 names.",
  apply: (setup) => withCell(setup, { client: `${setup.cell.client}+ignore-227` }),
};

/** A client that dials what 227 names, as RFC 959 has it. */
export const trustAddress: LabRemedy = {
  id: null,
  party: "user",
  what: "Let the client dial the address in the 227 reply.",
  apply: (setup) => withCell(setup, { client: `${setup.cell.client.replace(/\+\w+-227/, "")}+trust-227` }),
};

export const resumeSession: LabRemedy = {
  id: null,
  party: "user",
  what: "Use a client that resumes the control connection's TLS session on data connections.",
  apply: (setup) => withCell(setup, { client: setup.cell.client.replace("+no-resume", "") }),
};

export const passiveInstead: LabRemedy = {
  id: "passive-instead",
  party: "user",
  what: "Use passive mode, with the passive range forwarded where a router stands before the server.",
  apply: (setup) => forwardRange.apply(withCell(setup, { data: passiveFor(setup) })),
};

/** EPSV, which names no address, for every client that can send it. */
function passiveFor({ cell, topology }: Setup): DataCommand {
  const client = resolveClient(cell.client);
  const family = topology.family === "ipv6" ? 6 : 4;
  const lack = client?.definition.program?.lacks({ ...cell, data: "epsv", family, options: client.words }) ?? null;
  return lack === null || family === 6 ? "epsv" : "pasv";
}
