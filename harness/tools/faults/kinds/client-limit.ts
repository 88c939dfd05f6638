import { traitsOf } from "../../../model/axes";
import { clientOf, serverOf } from "../../../model/network";
import { siteName } from "../../../model/ftp-site";
import type { Change, ClientChange, FaultKind } from "./definition";

/** What the client asks for, or how little it waits. */
export const clientLimit: FaultKind = {
  id: "client-limit",
  weight: 8,
  draw: (base, random) => {
    const { cell } = base.planned;
    // The programs' options are in their ids, so no fault of a setting is needed.
    if (cell.client !== "basic-ftp") return null;
    const { tls } = traitsOf(cell.mode);
    const [client, server] = [clientOf(base.topology).id, serverOf(base.topology).id];
    const isProftpd = base.profile.software === "proftpd";
    const options: readonly Option[] = [
      {
        words: "another password",
        set: { password: random.pick(["not-it", "", "lab-password "]) },
        causes: ["login-refused"],
      },
      { words: "an account that is not there", set: { user: "nobody-here" }, causes: ["login-refused"] },
      ...(tls === "none"
        ? []
        : [
            { words: "trusts another CA", set: { otherCa: true as const }, causes: ["certificate-untrusted"] },
            ...(base.topology.family === "ipv4"
              ? [
                  {
                    words: `dials ${base.topology.dial} in place of ${siteName}`,
                    set: { host: base.topology.dial },
                    causes: ["certificate-name-mismatch"],
                  },
                ]
              : []),
            ...(isProftpd
              ? (
                  [
                    ["tls1.2", "TLSv1.3"],
                    ["tls1.3", "TLSv1.2"],
                  ] as const
                ).map(([version, other]) => ({
                  words: `offers ${version} alone, and the server has TLSProtocol ${other}`,
                  set: { options: { versions: [version] } },
                  directives: [`TLSProtocol ${other}`],
                  causes: ["tls-versions-do-not-meet"],
                }))
              : []),
            ...(isProftpd && cell.mode !== "ftps-clear-data" && traitsOf(cell.mode).ccc === "none"
              ? [
                  {
                    words:
                      "resumes no TLS session, and the server wants it (TLSOptions without NoSessionReuseRequired)",
                    set: { options: { resumeSession: false } },
                    directives: ["TLSOptions EnableDiags"],
                    causes: ["tls-session-not-reused"],
                  },
                ]
              : []),
          ]),
      ...(tls === "explicit"
        ? [
            {
              words: "explicit TLS at port 990",
              set: { port: 990 },
              causes: ["implicit-explicit-mismatch", "port-unreachable"],
            },
          ]
        : []),
      ...(tls === "none"
        ? [
            {
              words: "plain FTP at port 990",
              set: { port: 990 },
              causes: ["implicit-explicit-mismatch", "port-unreachable"],
            },
          ]
        : []),
      ...(tls === "implicit"
        ? [{ words: "implicit TLS at port 21", set: { port: 21 }, causes: ["implicit-explicit-mismatch"] }]
        : []),
    ];
    const { words, set, causes, directives } = random.pick(options);
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
  readonly causes: readonly string[];
  readonly directives?: readonly string[];
};
