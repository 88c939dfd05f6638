import type { CauseId } from "../../../model/ids";
import { isPassive, traitsOf } from "../../../model/axes";
import { account, folders, siteRoot } from "../../../model/ftp-site";
import { clientOf, serverOf } from "../../../model/network";
import { isPassiveCell, passivePortsOf } from "../place";
import type { Random } from "../../random";
import type { Base, Change, Fault, FaultKind } from "./definition";

/** A setting of the server, or what lies on its disk. */
export const serverDirective: FaultKind = {
  id: "server-directive",
  weight: 22,
  draw: (base, random) => {
    const options = base.profile.software === "proftpd" ? proftpdOptions(base, random) : otherOptions(base, random);
    const all = [...options, ...diskOptions(base, random)];
    const { words, changes, causes, nodes } = random.pick(all);
    const node = serverOf(base.topology).id;
    const fault: Fault = {
      what: `${node}: ${words}`,
      node,
      changes,
      rule: null,
      truth: () => ({ causes, nodes: [node, ...(nodes ?? [])], quotesRule: false }),
    };
    return fault;
  },
};

/** @param nodes where the break may be placed too */
type Option = {
  readonly words: string;
  readonly changes: readonly Change[];
  readonly causes: readonly CauseId[];
  readonly nodes?: readonly string[];
};

function directive(causes: readonly CauseId[], ...lines: readonly string[]): Option {
  return { words: lines.map((line) => line.trim()).join(" "), changes: [{ kind: "directives", lines }], causes };
}

function limit(verbs: string, causes: readonly CauseId[], who = "DenyAll"): Option {
  return directive(causes, `<Limit ${verbs}>`, `  ${who}`, "</Limit>");
}

function proftpdOptions(base: Base, random: Random): readonly Option[] {
  const { mode, data, operation } = base.planned.cell;
  const { tls, ccc, protection } = traitsOf(mode);
  const range = passivePortsOf(base);
  const transfer = { list: "LIST MLSD NLST", download: "RETR", upload: "STOR" }[operation];
  const everyNode = base.topology.nodes.map(({ id }) => id);
  const withoutTls = withoutTlsOf(base);
  const deniedAll: readonly CauseId[] = [
    "server-denies-command",
    "server-denies-file",
    ...(ccc === "none" ? [] : (["ccc-refused"] as const)),
    ...(tls === "explicit" ? (["tls-not-offered"] as const) : []),
  ];
  const commandCauses: readonly CauseId[] = ["server-denies-command", "data-command-refused"];
  return [
    ...occupied(base, [["MaxClients 1"], [`MaxClients 1 "Sorry, all %m seats are taken."`], ["MaxInstances 1"]]),
    limit("LOGIN", ["server-denies-address", "login-refused"]),
    limit("LOGIN", ["server-denies-address"], `Order deny,allow\n  Deny from all`),
    limit(transfer, ["server-denies-command"]),
    limit(data.toUpperCase(), commandCauses),
    limit("CWD", ["server-denies-command"]),
    limit("TYPE", ["server-denies-command"]),
    limit("ALL", deniedAll),
    directive(["server-denies-command"], `DenyFilter "^/|${random.pick(["bin", "list", "upload", "download"])}"`),
    ...(tls === "explicit" ? [limit("AUTH", ["server-denies-command", "tls-not-offered"])] : []),
    ...(protection === "P" && tls === "explicit"
      ? [limit("PROT", ["protection-refused", "server-denies-command"])]
      : []),
    ...(ccc === "none" ? [] : [limit("CCC", ["ccc-refused"])]),
    ...(tls === "none"
      ? [directive(["tls-required"], `TLSRequired ${random.pick(["on", "auth", "ctrl", "auth+data"])}`)]
      : []),
    ...(tls === "none" ? [] : [directive(withoutTls, "TLSEngine off")]),
    ...(protection === "P" && ccc === "none" ? [directive(["protection-refused"], "TLSRequired auth+!data")] : []),
    // A client that wants CCC goes on after a refused PROT.
    ...(protection === "C"
      ? [
          directive(
            ["protection-refused", ...(ccc === "none" ? [] : (["ccc-refused"] as const))],
            `TLSRequired ${random.pick(["on", "data"])}`,
          ),
        ]
      : []),
    ...(ccc === "none" ? [] : [directive(["ccc-refused"], `TLSRequired ${random.pick(["on", "ctrl"])}`)]),
    directive(["login-refused"], "RequireValidShell on"),
    // It refuses only data connections from another address.
    ...(isPassive(data) ? [directive(["foreign-data-peer"], "AllowForeignAddress off")] : []),
    directive(["login-refused"], "AuthOrder mod_auth_unix.c"),
    ...(isPassive(data)
      ? [
          {
            ...directive(
              ["passive-port-not-forwarded", "server-setting-broken", "passive-range-exhausted"],
              `PassivePorts ${range.first - 20_000} ${range.last - 20_000}`,
            ),
            nodes: everyNode,
          },
        ]
      : []),
    ...(data === "pasv"
      ? [
          {
            ...directive(
              [
                "passive-address-unroutable",
                "passive-address-rejected-by-client",
                "passive-address-not-dialled",
                "server-setting-broken",
              ],
              `MasqueradeAddress ${random.pick(["10.9.8.7", "198.51.100.99", "192.0.2.77"])}`,
            ),
            nodes: everyNode,
          },
        ]
      : []),
    ...(operation === "upload"
      ? [
          directive(["server-denies-file"], `MaxStoreFileSize 1 Kb`),
          directive(["server-denies-file"], "AllowOverwrite off", `PathDenyFilter "bin$"`),
        ]
      : []),
    ...(operation === "download" ? [directive(["server-denies-file"], `MaxRetrieveFileSize 1 Kb`)] : []),
    ...(isPassiveCell(base)
      ? []
      : [
          directive(
            ["server-denies-command", "server-setting-broken", "data-command-refused", "active-address-refused"],
            "RootRevoke on",
          ),
        ]),
  ];
}

/** A limit that another session of the same host's has reached already. */
function occupied(base: Base, limits: readonly (readonly string[])[]): readonly Option[] {
  // It logs in without TLS.
  if (base.profile.tls !== null && base.profile.tls.required !== "off") return [];
  const dialogue = ["", `USER ${account.userPrefix}${account.users}`, `PASS ${account.password}`].flatMap((line) => [
    ...(line === "" ? [] : [`printf '%s\\r\\n' '${line}' >&3`]),
    "IFS= read -r -t 5 reply <&3",
  ]);
  return limits.map((lines) => ({
    words: `${lines.join(" ")}, and somebody else is there`,
    changes: [
      { kind: "directives", lines },
      {
        kind: "network",
        node: clientOf(base.topology).id,
        lines: [
          `exec 3<>/dev/tcp/${base.topology.dial}/${serverOf(base.topology).controlPort}`,
          ...dialogue,
          // It holds the connection for longer than any cell takes.
          "setsid -f sleep 40 </dev/null >/dev/null 2>&1",
        ],
      },
    ],
    causes: ["server-limit-reached"],
  }));
}

/** At the port of implicit TLS there is a server then that greets in clear. */
function withoutTlsOf({ planned }: Base): readonly CauseId[] {
  const isImplicit = traitsOf(planned.cell.mode).tls === "implicit";
  return ["tls-not-offered", ...(isImplicit ? (["implicit-explicit-mismatch"] as const) : [])];
}

function otherOptions(base: Base, random: Random): readonly Option[] {
  const { data, mode, operation } = base.planned.cell;
  const { tls, protection } = traitsOf(mode);
  const range = passivePortsOf(base);
  const everyNode = base.topology.nodes.map(({ id }) => id);
  const transfer = { list: "LIST", download: "RETR", upload: "STOR" }[operation];
  const denied = random.pick([transfer, data.toUpperCase()]);
  const vsftpd: readonly Option[] = [
    directive(["server-denies-command", "data-command-refused"], `cmds_denied=${denied}`),
    ...occupied(base, [["max_clients=1"]]),
    // It says so in place of its greeting.
    directive(["server-setting-broken", "login-refused"], "local_enable=NO"),
    directive(["login-refused"], "userlist_enable=YES", "userlist_deny=NO", "userlist_file=/dev/null"),
    ...(operation === "upload" ? [directive(["server-denies-file", "server-denies-command"], "write_enable=NO")] : []),
    ...(operation === "download"
      ? [directive(["server-denies-file", "server-denies-command"], "download_enable=NO")]
      : []),
    ...(operation === "list" ? [directive(["server-denies-file", "server-denies-command"], "dirlist_enable=NO")] : []),
    ...(isPassive(data)
      ? [directive(["server-denies-command", "data-command-refused"], "pasv_enable=NO")]
      : [directive(["server-denies-command", "data-command-refused"], "port_enable=NO")]),
    ...(tls === "none"
      ? [directive(["tls-required"], "force_local_logins_ssl=YES")]
      : [directive(withoutTlsOf(base), "ssl_enable=NO")]),
    ...(protection === "C" ? [directive(["protection-refused", "tls-required"], "force_local_data_ssl=YES")] : []),
    ...(isPassive(data)
      ? [
          {
            ...directive(
              ["passive-port-not-forwarded", "server-setting-broken", "passive-range-exhausted"],
              `pasv_min_port=${range.first - 20_000}`,
              `pasv_max_port=${range.last - 20_000}`,
            ),
            nodes: everyNode,
          },
        ]
      : []),
  ];
  const pureFtpd: readonly Option[] = [
    ...occupied(base, [["MaxClientsNumber 1"]]),
    ...(tls === "none" ? [directive(["tls-required"], "TLS 2")] : [directive(["tls-not-offered"], "TLS 0")]),
    ...(operation === "upload" ? [directive(["server-denies-file"], "MaxDiskUsage 0")] : []),
    ...(isPassive(data)
      ? [
          {
            ...directive(
              ["passive-port-not-forwarded", "server-setting-broken", "passive-range-exhausted"],
              `PassivePortRange ${range.first - 20_000} ${range.last - 20_000}`,
            ),
            nodes: everyNode,
          },
        ]
      : []),
  ];
  return base.profile.software === "vsftpd" ? vsftpd : base.profile.software === "pure-ftpd" ? pureFtpd : [];
}

/** What an administrator did to the files: no server serves what it may not read. */
function diskOptions(base: Base, random: Random): readonly Option[] {
  const { operation } = base.planned.cell;
  const folder = `${siteRoot}${folders[operation]}`;
  const onDisk = (words: string, ...lines: readonly string[]): Option => ({
    words,
    changes: [{ kind: "server-files", lines }],
    causes: ["server-denies-file"],
  });
  const gone = onDisk(`rm -r ${folder}`, `rm -r ${folder}`);
  const closed = onDisk(`chmod 000 ${folder}`, `chown root:root ${folder}`, `chmod 700 ${folder}`);
  if (operation === "download") {
    const name = random.pick(["1-bytes.bin", "32768-bytes.bin"]);
    return [
      onDisk(`rm ${folder}/${name}`, `rm ${folder}/${name}`),
      onDisk(`${folder}/${name} is root's own`, `chown root:root ${folder}/${name}`, `chmod 600 ${folder}/${name}`),
      gone,
    ];
  }
  if (operation === "upload") {
    return [
      onDisk(`${folder} is read-only for ${account.userPrefix}`, `chown root:root ${folder}`, `chmod 755 ${folder}`),
      gone,
    ];
  }
  return [gone, closed];
}
