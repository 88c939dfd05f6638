import { resolveClient } from "../../catalog/clients/registry";
import { traitsOf } from "../../model/axes";
import type { Cell, ExpectedResult } from "../../model/cell";
import type { RouterNode, Topology } from "../../model/topology";
import { attachmentsOf, clientOf, routersOf, serverOf } from "../../model/network";
import { fileSizes } from "../../model/ftp-site";
import { leastBurst } from "../wiring";

/** Headers of IPv4 or IPv6 and TCP with time stamps (RFC 7323), in bytes. */
const headers = { ipv4: 20 + 32, ipv6: 40 + 32 } as const;

/**
 * A ClientHello in bytes, as captured on Debian 13: OpenSSL's shortest (curl; basic-ftp 1,601) and GnuTLS's longest (wget; lftp 397).
 * OpenSSL 3.5 sends a key for X25519MLKEM768 of 1,216 bytes in it. The server's answer to GnuTLS has 826 bytes and passes too.
 */
const helloBytes = { openssl: 1557, gnutls: 517 } as const;

/** A ClientHello that fills a segment is the first thing that a path with a black hole swallows; `null` if it passes. */
export function duringHandshake(cell: Cell, topology: Topology): ExpectedResult | null {
  if (traitsOf(cell.mode).tls === "none") return null;
  const library = resolveClient(cell.client)?.definition.tlsLibrary ?? "openssl";
  return swallowed(topology, { stage: "auth-tls", bytes: helloBytes[library] });
}

/** What narrow and slow lines and forgetful routers do to a transfer over a data connection that stands; `null` if nothing. */
export function duringTransfer(cell: Cell, topology: Topology): ExpectedResult | null {
  // A listing of three names is a few hundred bytes.
  if (cell.operation === "list") return null;
  // A client has handed over what fits into its socket's buffer, and waits for the server's word; few packaged ones tell.
  const { program, tellsCompletion } = resolveClient(cell.client)?.definition ?? {};
  const tells = program === null || tellsCompletion === true;
  const stage = cell.operation === "upload" && tells ? "completion" : "transfer";
  return swallowed(topology, { stage, bytes: longestFile }) ?? forgotten(cell, topology);
}

const longestFile = Math.max(...fileSizes);

type Burst = { readonly stage: "auth-tls" | "transfer" | "completion"; readonly bytes: number };

/** A router drops full segments and informs neither end (RFC 2923 section 2.1). */
function swallowed(topology: Topology, { stage, bytes }: Burst): ExpectedResult | null {
  const hole = routersOf(topology).find(({ make }) => make.mtu !== null && !make.tellsTooLong);
  const longest = (hole?.make.mtu ?? 0) - headers[topology.family];
  if (hole === undefined || bytes <= longest) return null;
  return {
    result: "failed",
    stage,
    cause: "path-mtu-black-hole",
    reason: `${hole.id} drops segments of more than ${longest} bytes and does not say so: full ones never arrive.`,
  };
}

/** The control connection is silent while the longest file passes, and for longer than a router remembers: 226 finds no way back. */
function forgotten(cell: Cell, topology: Topology): ExpectedResult | null {
  for (const router of routersOf(topology)) {
    const { idleTimeoutS } = router.make;
    const seconds = silenceAt(router, cell, topology);
    if (idleTimeoutS === null || seconds <= idleTimeoutS) continue;
    return {
      result: "failed",
      stage: "completion",
      cause: "control-connection-dropped-idle",
      reason: `The transfer takes ${seconds.toFixed(1)} s, and ${router.id} forgets a silent control connection after ${idleTimeoutS} s.`,
    };
  }
  return null;
}

/**
 * Seconds between the router's last sight of the control connection before the longest file and 226, at the least. The server says
 * 226 once it has received all, or handed all over to its own queue: of a download only what waits before the router counts.
 */
function silenceAt(router: RouterNode, { operation }: Cell, topology: Topology): number {
  const way = [clientOf(topology).id, ...routersOf(topology).map(({ id }) => id), serverOf(topology).id];
  const nodes = operation === "download" ? way.slice(way.indexOf(router.id)) : way;
  const rates = nodes.flatMap((id, index) =>
    attachmentsOf(topology, id).flatMap(({ link, peers }) =>
      peers.includes(nodes[index + 1] ?? "") ? (link.rateKbit ?? []) : [],
    ),
  );
  return rates.length === 0 ? 0 : ((longestFile - leastBurst) * 8) / (Math.min(...rates) * 1000);
}
