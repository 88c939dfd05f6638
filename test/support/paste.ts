/** What a remedy prints, pasted into a lab as a person would: each line where the lines themselves say that it belongs. */
import type { Lab } from "../../harness/lab/lab";
import { issueCertificate } from "../../harness/lab/site-certificates";
import { attachmentsOf, clientOf, hostsOf, routersOf, serverOf } from "../../harness/model/network";
import type { ClientNode, ServerNode, Topology } from "../../harness/model/topology";
import { renderHostRuleset } from "../../harness/plan/ruleset";
import { siteName } from "../../harness/model/ftp-site";
import type { PrintedRemedy } from "../../harness/model/diagnosis";
import { softwareNamed, softwares } from "../../harness/catalog/servers/registry";
import type { ServerProfile } from "../../harness/model/server-profile";
import { onServer, pidOf } from "./faults/staging";

export type Place = "router" | "server configuration" | "block of port 990" | "server host" | "client host" | "client";

export type PastedPart = {
  readonly place: Place;
  /** A router's id; `null` for the only one. */
  readonly node: string | null;
  readonly lines: readonly string[];
};

const usual = { "network admin": "router", "server admin": "server configuration", user: "client" } as const;

/** The printed lines, by the place that they are for; comments are pasted too. */
export function partsOf({ party, lines, id }: Pick<PrintedRemedy, "party" | "lines" | "id">): readonly PastedPart[] {
  const parts: { place: Place; node: string | null; lines: string[] }[] = [];
  // A line of shell for the user's own machine.
  const first: Place = id === "shorter-packets" ? "client host" : usual[party];
  for (const [index, line] of lines.entries()) {
    const heading = placeNamed(line, lines[index + 1] ?? "");
    if (heading !== null) parts.push({ ...heading, lines: [] });
    else if (parts.length === 0) parts.push({ place: first, node: null, lines: [line] });
    else parts.at(-1)?.lines.push(line);
  }
  return parts;
}

function placeNamed(line: string, next: string): { readonly place: Place; readonly node: string | null } | null {
  switch (line) {
    case "# in the server's configuration":
      return { place: "server configuration", node: null };
    case "# on the server's host":
      return { place: "server host", node: null };
    case "# on the client's host":
      return { place: /^ip6?tables /.test(next) ? "client host" : "client", node: null };
    case "# in the configuration of port 990":
      return { place: "block of port 990", node: null };
  }
  const [, node] = /^# on ([\w-]+)$/.exec(line) ?? [];
  return node === undefined ? null : { place: "router", node };
}

/** The profile with the lines for the server's configuration at the file's end. */
export function pastedInto(profile: ServerProfile, parts: readonly PastedPart[], id: string): ServerProfile {
  const all = parts.filter(({ place }) => place === "server configuration").flatMap((part) => part.lines);
  const lines = underName(all, softwareNamed(profile.software).name);
  return { ...profile, id, directives: [...(profile.directives ?? []), ...lines] };
}

/** Where nobody has seen which server it is, the lines of each stand under its name: whoever pastes them knows. */
function underName(lines: readonly string[], wanted: string): readonly string[] {
  const names = new Set(softwares.map(({ name }) => `# ${name}`));
  if (!lines.some((line) => names.has(line))) return lines;
  let current = "";
  return lines.filter((line) => {
    if (names.has(line)) current = line;
    return current === `# ${wanted}`;
  });
}

/** The kernel is the machine's, and a container may not load modules: it is enough that they are there, or that it has all built in. */
const modprobe = 'modprobe() { [ ! -e /proc/modules ] || grep -qw "^$1" /proc/modules || [ -d "/sys/module/$1" ]; }';

/** Pastes what is for routers and hosts, and for the block of a server's second port. */
export async function paste(lab: Lab, parts: readonly PastedPart[]): Promise<void> {
  for (const { place, node, lines } of parts) {
    switch (place) {
      case "router":
        for (const router of routersOf(lab.topology).filter(({ id }) => node === null || id === node)) {
          if (lines.some((line) => line.startsWith("sysctl "))) await asRoot(lab, router.id, lines);
          else await lab.routerShell(router).run("rules", ["set -e", modprobe, ...lines].join("\n"));
        }
        break;
      case "server host":
        await asRoot(lab, serverOf(lab.topology).id, knownToServer(lab.topology, lines));
        break;
      case "client host":
        await asRoot(lab, clientOf(lab.topology).id, lines);
        break;
      case "block of port 990": {
        const text = lines.join("\\n");
        await onServer(`sed -i 's|^</VirtualHost>|${text}\\n&|' $conf`)(lab);
        break;
      }
      case "server configuration":
        await replace(lab, lines);
        break;
      case "client":
        break;
    }
  }
}

/** Takes away the lines in whose places others stand, all before the server reads its file again. */
async function replace(lab: Lab, lines: readonly string[]): Promise<void> {
  const replaced = lines.flatMap((line) => /^# in place of (.*)$/.exec(line)?.[1] ?? []);
  if (replaced.length === 0) return;
  await onServer(...replaced.map((line) => `sed -i '0,\\|^\\s*${line}\\s*$|{//d}' $conf`))(lab);
}

/** What a server's administrator fills in: its router. */
function knownToServer(topology: Topology, lines: readonly string[]): readonly string[] {
  const { gateway } = serverOf(topology);
  return lines.map((line) => (gateway === null ? line : line.replace(/(?<!#.*)\bROUTER_ADDRESS\b/, gateway)));
}

/** The patch panel has no such program; where it has, that is taken. */
const sysctl =
  'command -v sysctl >/dev/null || sysctl() { local name=${2%%=*}; echo "${2#*=}" > "/proc/sys/${name//.//}"; }';

/** Runs lines in a node's network as its root would outside of a container, where `/proc/sys` can be written. */
async function asRoot(lab: Lab, node: string, lines: readonly string[]): Promise<void> {
  const panel = await lab.site.panel;
  const shell = await panel.openShell("pasting");
  const script = [
    "mount -o remount,rw /proc/sys",
    `nsenter -t ${await pidOf(lab, node)} -n bash -e <<'END'`,
    sysctl,
    // It only looks, and where there is no route yet it says so.
    ...lines.map((line) => (line.startsWith("ip route get ") ? `{ ${line}\n} || true` : line)),
    "END",
  ];
  try {
    await shell.run("wiring", `unshare --mount bash -e <<'OUTER'\n${script.join("\n")}\nOUTER`);
  } finally {
    shell.close();
  }
}

/** Takes away what was planted and pasted before, but for what the server's next configuration leaves out anyway. */
export async function reset(lab: Lab, { ofHosts }: { readonly ofHosts: boolean }): Promise<void> {
  const { topology } = lab;
  for (const router of routersOf(topology)) {
    const suffix = router.make.tables === "legacy" ? "-legacy" : "";
    const flushed = ["raw", "mangle", "nat", "filter"].flatMap((table) =>
      ["iptables", "ip6tables"].map((command) => `${command}${suffix} -t ${table} -F 2>/dev/null || true`),
    );
    await lab.routerShell(router).run("rules", flushed.join("\n"));
    const seconds = router.make.idleTimeoutS;
    if (seconds !== null)
      await asRoot(lab, router.id, [`sysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=${seconds}`]);
  }
  await lab.applyRules(topology);
  if (!ofHosts) return;
  for (const host of hostsOf(topology)) await asRoot(lab, host.id, asWired(topology, host));
}

/** A host's own network as it was laid: without rules of its own, with its routes, and with whole packets. */
function asWired(topology: Topology, host: ClientNode | ServerNode): readonly string[] {
  const { id, gateway } = host;
  const links = attachmentsOf(topology, id).map(({ link }) => link.id);
  return [
    ...(renderHostRuleset(topology, host) === null ? ["iptables -F", "ip6tables -F"] : []),
    "ip route flush root 0/0 proto boot || true",
    ...(gateway === null ? [] : [`ip route replace default via ${gateway}`]),
    "echo 7200 > /proc/sys/net/ipv4/tcp_keepalive_time",
    "echo 75 > /proc/sys/net/ipv4/tcp_keepalive_intvl",
    ...links.map((link) => `ip link set dev ${link} mtu 1500`),
  ];
}

/** The files that printed lines name as the certificate and its key: a trusted one, of the name or address that clients dial. */
export async function layCertificate(lab: Lab, name = siteName): Promise<void> {
  const day = 24 * 3600 * 1000;
  const validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 9 * day) };
  const { certificate, privateKey } = await issueCertificate(lab.certificates, name, validity);
  await lab.serverShell.run(
    "server",
    [
      "set -e",
      "mkdir -p /etc/ssl/certs /etc/ssl/private",
      `printf '%s\\n' '${certificate}' > /etc/ssl/certs/ftp-fullchain.pem`,
      `printf '%s\\n' '${privateKey}' > /etc/ssl/private/ftp.key`,
      "chmod 600 /etc/ssl/private/ftp.key",
    ].join("\n"),
  );
}

/** Whether the lab can paste into the server's file at all. */
export function takesLines({ software }: ServerProfile): boolean {
  return softwareNamed(software).takesDirectives !== false;
}
