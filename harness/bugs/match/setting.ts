/** What the pastes show of both ends and of the way between them. Cures fit that, or say what they depend on. */
import { softwareCalled, softwareSpokenOf } from "../../catalog/servers/greetings";
import { softwareNamed } from "../../catalog/servers/registry";
import { hidesCommands, isPassive, traitsOf } from "../../model/axes";
import type { SoftwareId } from "../../model/ids";
import type { PastedFact, Symptom } from "../../model/symptom";
import { letThrough } from "../clues/facts";
import { isNowhere, isPrivate } from "../clues/scene";
import { productIn, type Product } from "./products";
import { addressesIn } from "./shown";

/** `null` where nothing tells. */
export type Setting = {
  readonly symptom: Symptom;
  /** All that was pasted. */
  readonly text: string;
  /** `nothing`: both ends are one host, or neighbours in one network. */
  readonly between: "router" | "nothing" | null;
  /** Before which end it stands, as far as that is shown; `true` for both where a router is shown and its place is not. */
  readonly routerAt: { readonly server: boolean; readonly client: boolean };
  /** The firewall or router that is shown or named, if it is no plain Linux. */
  readonly product: Product | null;
  /** The router is a Linux host. */
  readonly isLinuxRouter: boolean;
  readonly software: SoftwareId | null;
  /** `appliance`: a box whose settings are made in its own pages. */
  readonly serverSystem: "linux" | "windows" | "appliance" | null;
  /** `null`: an address of Docker's default network is all that hints at one. */
  readonly isContainer: boolean | null;
  readonly hasServerLog: boolean;
  /** The firewall of the server's host, by the tool that its administrator uses. */
  readonly firewall: "ufw" | "firewalld" | "windows" | "nft" | "iptables" | null;
  /** Family, table and chain of nftables in which packets for the host itself are filtered. */
  readonly nftChain: string | null;
  readonly passive: boolean | null;
  readonly isHidden: boolean | null;
  /** What FEAT was answered (RFC 2389); `null` where no line shows it. */
  readonly features: string | null;
  /** The control port, where it is written behind the address that was dialled. */
  readonly controlPort: number | null;
  /** The passive range that is set already. */
  readonly range: readonly [number, number] | null;
};

/** @param texts the pastes */
export function settingOf(symptom: Symptom, texts: readonly string[]): Setting {
  const text = sampleOf(texts.join("\n"));
  const facts = symptom.facts ?? [];
  // The server that greets counts. People may mention another one.
  const software = symptom.server === null ? softwareSpokenOf(text) : softwareCalled(symptom.server);
  const product = productIn(text);
  const between = betweenIn(symptom, facts, text, product);
  const serverSystem = systemOf(symptom, text, software);
  return {
    symptom,
    text,
    between,
    routerAt: placeOf(between, symptom, facts, text),
    product,
    isLinuxRouter: between === "router" && product === null && netfilter.test(text),
    software,
    serverSystem,
    isContainer: container.test(text) ? true : dockersNetwork.test(text) ? null : false,
    hasServerLog: hasServerLog(symptom, text),
    firewall: firewallIn(text, serverSystem),
    nftChain: nftChainIn(text),
    passive: symptom.data === null ? (symptom.dataDialled === null ? null : true) : isPassive(symptom.data),
    isHidden: symptom.mode === null ? null : hidesCommands(traitsOf(symptom.mode)),
    features: /(?:^|\D)211[ -](?:[\s\S]{0,2000}?)\b211 ?.{0,10}end\b/i.exec(text)?.[0] ?? null,
    controlPort: controlPortIn(symptom, text),
    range: rangeIn(text),
  };
}

/** The first and the last lines tell who speaks and from where. So do the first words of a long line. */
const longestSample = 200_000;
const longestLine = 1_000;

function sampleOf(text: string): string {
  const half = longestSample / 2;
  const sample = text.length <= longestSample ? text : `${text.slice(0, half)}\n${text.slice(-half)}`;
  return sample
    .split(/\r\n|\r|\n/)
    .map((line) => line.slice(0, longestLine))
    .join("\n");
}

const netfilter =
  /\biptables\b|\bnft\b|nf_conntrack|nf_ct_|nf_nat|\bconntrack\b|\[UFW |kernel:.*\bIN=|-A (?:PREROUTING|FORWARD)|Chain FORWARD/;
const container = /\bdocker|\bkubectl\b|\bpod\/|\bkubernetes\b|\bK8s\b/i;
const dockersNetwork = /(?<!\d)172[.,]17[.,]0[.,]\d/;
const windows =
  /Microsoft FTP Service|FileZilla Server|\bServ-U\b|Windows_NT|\bCerberus\b|\bXlight\b|sc-win32-status|\bIIS\b|Win32NT/i;

/** People's own words for what stands between, and names of products that do. */
const routerWords =
  /\brouters?\b|\begress\b|\bport[- ]forward(?:ing|ed)|\bbehind (?:an? |the |my |our |their )?(?:\w+ )?(?:NAT|firewall|router|gateway|load[- ]balancer)\b|\bload[- ]balancer\b|\bFTPALG\b|\bALG\b|%ASA-|\bfilterlog\b|\bpfSense\b|\bOPNsense\b|\bFortiGate\b|\bMikroTik\b|\bOpenWrt\b|\bDD-WRT\b|\bVyOS\b|\bEdgeOS\b|\bNATed\b|\bdouble NAT\b/i;

/** In prose: that nothing stands between, whatever other words name. */
const neighbours =
  /\bsame (?:(?:unmanaged|dumb|network|LAN|ethernet|local|physical) )?(?:switch|subnet|LAN|VLAN|local network)\b|\bno (?:router|firewall|NAT)(?: (?:or|and|nor) (?:router|firewall|NAT))? (?:in )?between\b|\bdirectly connected\b|\bcrossover cable\b/i;

function betweenIn(
  symptom: Symptom,
  facts: readonly PastedFact[],
  text: string,
  product: Product | null,
): Setting["between"] {
  if (neighbours.test(text) && !facts.some(showsRouter) && !hidesServer(symptom)) return "nothing";
  const { dialled } = symptom;
  const isLocal =
    (dialled !== null && (dialled.startsWith("127.") || dialled === "::1")) ||
    /\bConnected to localhost\b|\bftp localhost\b|\bTrying ::1\b|@(?:localhost|127\.0\.0\.1)\b/.test(text);
  // Whatever else is spoken of: no packet of a loopback leaves the host.
  if (isLocal) return "nothing";
  if (facts.some(showsRouter) || routerWords.test(text) || product !== null) return "router";
  if (hidesServer(symptom) || clientIsHidden(text)) return "router";
  const shown = [...new Set(addressesIn(text))].filter((address) => !isNowhere(address) && !address.includes(":"));
  const networks = new Set(shown.map((address) => address.split(".").slice(0, 3).join(".")));
  return shown.length > 1 && networks.size === 1 && shown.every(isPrivate) ? "nothing" : null;
}

function placeOf(
  between: Setting["between"],
  symptom: Symptom,
  facts: readonly PastedFact[],
  text: string,
): Setting["routerAt"] {
  if (between !== "router") return { server: false, client: false };
  const sides = facts.flatMap(sideOf);
  if (sides.length === 0 && !hidesServer(symptom) && clientsFirewall.test(text)) return { server: false, client: true };
  const isAnywhere = sides.length === 0 && routerWords.test(text);
  // The packet was seen before the client's private address was translated.
  const isClients = isAnywhere && facts.some((fact) => fact.kind === "packet" && leaves(fact));
  return {
    server: (isAnywhere && !isClients) || sides.includes("server") || hidesServer(symptom),
    client: isAnywhere || sides.includes("client") || clientIsHidden(text),
  };
}

/** In prose: it filters what leaves the network of the client. */
const clientsFirewall =
  /\b(?:strict|restrict\w*|filter\w*|limit\w*|block\w*|our|corporate|company|office|site's) (?:egress|outbound|outgoing)\b|\begress (?:filter\w*|rules?|firewall|policy)\b|\b(?:outbound|outgoing) (?:traffic|connections?|ports?) (?:is|are) (?:filtered|restricted|blocked|limited|closed)\b|\blets? (?:the |our )?(?:office|clients?|LAN|users?|us) out\b/i;

/** The server's own address is a private one, and the one that was dialled is not. */
function hidesServer({ data, dialled, announced }: Symptom): boolean {
  const named = announced?.address ?? null;
  if (data === null || !isPassive(data) || dialled === null || named === null) return false;
  return !isPrivate(dialled) && isPrivate(named) && !isNowhere(named);
}

function leaves({ from, to }: Pick<Extract<PastedFact, { kind: "packet" }>, "from" | "to">): boolean {
  return isPrivate(from.address) && !isPrivate(to.address);
}

/** A router that translates clients, or sends their packets out, stands before the clients. One that forwards a port stands before the server. */
function sideOf(fact: PastedFact): readonly (keyof Setting["routerAt"])[] {
  if (!showsRouter(fact)) return [];
  switch (fact.kind) {
    case "logged-packet": {
      const [from, to] = [isPrivate(fact.from.address), isPrivate(fact.to.address)];
      return from === to ? ["client", "server"] : from === (fact.from.port !== 20) ? ["client"] : ["server"];
    }
    case "rule":
      if (fact.action === "accept") return ["server", "client"];
      return [fact.action === "dnat" ? "server" : "client"];
    case "connection":
      return [fact.answeredTo !== null && fact.answeredTo.address !== fact.from.address ? "client" : "server"];
    default:
      return [];
  }
}

function showsRouter(fact: PastedFact): boolean {
  switch (fact.kind) {
    case "logged-packet":
      return fact.in !== null && fact.out !== null;
    case "rule":
      return (
        fact.action === "dnat" ||
        fact.action === "snat" ||
        fact.action === "masquerade" ||
        (fact.action === "accept" && fact.chain === "FORWARD" && fact.ports.length > 0)
      );
    case "connection":
      return (
        (fact.answeredFrom !== null && fact.answeredFrom.address !== fact.to.address) ||
        (fact.answeredTo !== null && fact.answeredTo.address !== fact.from.address)
      );
    default:
      return false;
  }
}

/** Pure-FTPd and pyftpdlib name both: where the client stands, and where the server sees it. */
function clientIsHidden(text: string): boolean {
  const [, own, seen] =
    /won't open a connection to ([\d.]+) \(only to ([\d.]+)\)/.exec(text) ??
    /()(?:[\d.]+):\d+-\[.*foreign address ([\d.]+)/.exec(text) ??
    [];
  return own !== undefined && seen !== undefined && own !== "" && isPrivate(own) && !isPrivate(seen);
}

/** Names of storage boxes and home routers, as their greetings and their owners have them. */
const appliance =
  /\bNASFTPD\b|\bTurbo ?station\b|\bQNAP\b|\bSynology\b|\bDisk ?Station\b|\bReadyNAS\b|\b(?:True|Free)NAS\b|\bMy ?Cloud\b|\bTeraStation\b|\bLinkStation\b|\bFRITZ!?(?:Box|NAS)\b|\bTime Capsule\b/i;

function systemOf({ server }: Symptom, text: string, software: SoftwareId | null): Setting["serverSystem"] {
  if (appliance.test(text)) return "appliance";
  if (windows.test(`${server ?? ""}\n${text}`)) return "windows";
  const isUnix = software !== null && softwareNamed(software).isUnixOnly === true;
  return isUnix || netfilter.test(text) ? "linux" : null;
}

/** Servers name the client in each line; people write whose lines they are. */
const serversLine =
  /^(?!.*\b(?:PORT|227)\b).*(?:\d{1,3}\.){3}\d{1,3}\b.*(?:\[(?:Command|Response)\]|\b(?:USER|PASS|PASV|EPSV|LIST|STOR|RETR)\b)/m;
const serversHeading =
  /^\W*(?:(?:and )?the )?(?:ftp )?server(?:'?s)?(?: (?:log|logs|output|side))?(?: (?:says|is|shows))?\W*$/im;

function hasServerLog({ lines }: Symptom, text: string): boolean {
  return (
    lines.some(({ by }) => by === "server") ||
    serversHeading.test(text) ||
    serversLine.test(text) ||
    /\b\w*ftpd?(?:server)?\[\d+\]|(?:daemon|vsftpd|proftpd|pure-ftpd|messages|syslog)\.log|\bftpserverlib\b|\.server\]|component=server|FtpServer\./i.test(
      text,
    )
  );
}

function firewallIn(text: string, system: Setting["serverSystem"]): Setting["firewall"] {
  if (/\bUFW\b|\bufw\b/.test(text)) return "ufw";
  if (/\bfirewall-cmd\b|\bfirewalld\b|FINAL_REJECT|\bIN_public/.test(text)) return "firewalld";
  if (system === "windows") return "windows";
  if (nftChainIn(text) !== null) return "nft";
  return system === "linux" ? "iptables" : null;
}

function nftChainIn(text: string): string | null {
  const found = /\bchain (\w+) \{\s*type filter hook input\b/.exec(text);
  const table = [...text.slice(0, found?.index ?? 0).matchAll(/\btable (\w+ \w+) \{/g)].at(-1)?.[1];
  return found === null || table === undefined ? null : `${table} ${found[1] ?? ""}`;
}

function controlPortIn({ dialled }: Symptom, text: string): number | null {
  const hosts = dialled === null ? String.raw`[\w.-]+` : dialled.replaceAll(".", String.raw`\.`);
  const found =
    new RegExp(String.raw`${hosts}\)?\]?(?:\)? port |:)(\d{1,5})\b(?![:.]\d)`).exec(text)?.[1] ??
    /\bftp (?:-\w+ )*\S+ (\d{2,5})$/m.exec(text)?.[1];
  const through = letThrough.exec(text)?.[1];
  if (through !== undefined) return Number(through);
  return found === undefined || dialled === null ? null : Number(found);
}

function rangeIn(text: string): readonly [number, number] | null {
  const [first, last] = [/pasv_min_port ?= ?(\d+)/i, /pasv_max_port ?= ?(\d+)/i].map((part) => part.exec(text)?.[1]);
  if (first !== undefined && last !== undefined) return [Number(first), Number(last)];
  const [, from, to] =
    /\b(?:PassivePorts|PassivePortRange)\s+(\d+)[\s-]+(\d+)/i.exec(text) ??
    /\bpure-ftpd\b.{0,300}?(?: -p|--passiveportrange)[ =]?(\d+):(\d+)/.exec(text) ??
    [];
  return from === undefined || to === undefined ? null : [Number(from), Number(to)];
}
