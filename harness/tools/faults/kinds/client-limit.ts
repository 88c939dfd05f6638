import type { CauseId } from "../../../model/ids";
import { traitsOf } from "../../../model/axes";
import { clientOf, serverOf } from "../../../model/network";
import { siteName } from "../../../model/ftp-site";
import type { Random } from "../../random";
import type { Base, Change, ClientChange, FaultKind } from "./definition";

/** What the client asks for, or how little it waits. */
export const clientLimit: FaultKind = {
  id: "client-limit",
  weight: 8,
  draw: (base, random) => {
    const { cell } = base.planned;
    // The programs' options are in their ids, so no fault of a setting is needed.
    if (cell.client !== "basic-ftp") return null;
    const [client, server] = [clientOf(base.topology).id, serverOf(base.topology).id];
    const { words, set, causes, directives } = random.pick(optionsOf(base, random));
    const changes: readonly Change[] = [
      { kind: "client", set },
      ...(directives === undefined ? [] : [{ kind: "directives", lines: directives } as const]),
    ];
    return {
      what: `${client}: ${words}`,
      node: client,
      changes,
      rule: null,
      truth: () => ({ causes, nodes: [client, server], quotesRule: false }),
    };
  },
};

type Option = {
  readonly words: string;
  readonly set: ClientChange;
  readonly causes: readonly CauseId[];
  /** Further settings of the server. */
  readonly directives?: readonly string[];
};

function optionsOf(base: Base, random: Random): readonly Option[] {
  const { mode } = base.planned.cell;
  const { tls } = traitsOf(mode);
  const otherPort: readonly CauseId[] = ["implicit-explicit-mismatch", "port-unreachable"];
  const login: readonly Option[] = [
    {
      words: "another password",
      set: { password: random.pick(["not-it", "", "lab-password "]) },
      causes: ["login-refused"],
    },
    { words: "an account that is not there", set: { user: "nobody-here" }, causes: ["login-refused"] },
  ];
  switch (tls) {
    case "none":
      return [...login, { words: "plain FTP at port 990", set: { port: 990 }, causes: otherPort }];
    case "explicit":
      return [
        ...login,
        ...tlsOptions(base),
        { words: "explicit TLS at port 990", set: { port: 990 }, causes: otherPort },
      ];
    case "implicit":
      return [
        ...login,
        ...tlsOptions(base),
        { words: "implicit TLS at port 21", set: { port: 21 }, causes: ["implicit-explicit-mismatch"] },
      ];
  }
}

function tlsOptions({ planned, topology, profile }: Base): readonly Option[] {
  const { protection, ccc } = traitsOf(planned.cell.mode);
  const options: Option[] = [{ words: "trusts another CA", set: { otherCa: true }, causes: ["certificate-untrusted"] }];
  if (topology.family === "ipv4") {
    const words = `dials ${topology.dial} in place of ${siteName}`;
    options.push({ words, set: { host: topology.dial }, causes: ["certificate-name-mismatch"] });
  }
  if (profile.software !== "proftpd") return options;
  for (const [version, other] of versionPairs) {
    options.push({
      words: `offers ${version} alone, and the server has TLSProtocol ${other}`,
      set: { options: { versions: [version] } },
      directives: [`TLSProtocol ${other}`],
      causes: ["tls-versions-do-not-meet"],
    });
  }
  // After CCC the server does not look (mod_tls.c).
  if (protection === "P" && ccc === "none") {
    options.push({
      words: "resumes no TLS session, and the server wants it (TLSOptions without NoSessionReuseRequired)",
      set: { options: { resumeSession: false } },
      directives: ["TLSOptions EnableDiags"],
      causes: ["tls-session-not-reused"],
    });
  }
  return options;
}

const versionPairs = [
  ["tls1.2", "TLSv1.3"],
  ["tls1.3", "TLSv1.2"],
] as const;
