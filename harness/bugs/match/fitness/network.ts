/** Which cures of the network's administrator fit a paste: most presuppose a router, or a firewall on the way. */
import type { PrintedRemedy } from "../../../model/diagnosis";
import type { MatchedCure } from "../../../model/match";
import type { PastedFact } from "../../../model/symptom";
import { nameUnknown } from "../../logs/system-words";
import { isPrivate } from "../../clues/scene";
import { addressesIn } from "../shown";
import type { Setting } from "../setting";
import { openServerHost } from "./server";
import { endsByTime, fits, instead, ifShown, onlyIf, says, shows, unless, without, type Case, type Fit } from "./fit";

type Side = keyof Setting["routerAt"];

const hasRouter =
  (sides: readonly Side[]) =>
  ({ between, routerAt }: Setting): boolean | null =>
    between === "nothing" ? false : sides.some((side) => routerAt[side]) ? true : null;

/** Rules that were never seen are no rules to remove. */
const showsRule = ({ symptom: { facts = [] } }: Setting): boolean | null =>
  facts.some(({ kind }) => kind === "rule" || kind === "logged-packet") ? true : null;

/** Lines for Linux where the router is one. */
const onLinux =
  (fit: Fit): Fit =>
  (cure, setting) =>
    fit(setting.isLinuxRouter ? cure : { ...cure, lines: [] }, setting);

const onRouter = (sides: readonly Side[], condition: string, fit: Fit = fits): Fit =>
  onLinux((cure, setting) => {
    const held = ifShown(hasRouter(sides), condition)(cure, setting);
    return held?.onlyIf === null ? fit(cure, setting) : held;
  });

/** The SYN came to the server's host, or the whole connection came to the server. */
const hasArrived = ({ symptom: { facts = [] }, text }: Setting): boolean =>
  facts.some(
    ({ kind, ...fact }) => kind === "logged-packet" && "out" in fact && fact.in !== null && fact.out === null,
  ) || /Bad IP connecting|does not match control|data connection ip address/i.test(text);

/** A packet of a private address to a public one, on a machine that is neither. */
function stopsOutgoing(fact: PastedFact): boolean {
  return (
    fact.kind === "logged-packet" &&
    fact.verdict !== "allowed" &&
    (fact.out !== null || /\bfilterlog\b|\bpf: /.test(fact.text)) &&
    isPrivate(fact.from.address) &&
    !isPrivate(fact.to.address)
  );
}

function publishing(text: string, ports: string): readonly string[] {
  if (/docker-compose|docker compose|^services:/m.test(text)) return [`ports: ["${ports}:${ports}"]`];
  return /\bdocker/i.test(text) ? [`docker run -p ${ports}:${ports} ...`] : [];
}

const publishPorts: Fit = (cure, { text, isContainer, range }) =>
  /(?:-p|--publish) (?:[\d.]+:)?\d+-\d+:\d+-\d+|^\s*- "?\d+-\d+:\d+-\d+/m.test(text)
    ? null
    : {
        ...cure,
        party: "server admin",
        what: "Publish the passive ports of the container too, port for port.",
        lines: publishing(text, (range ?? ["FIRST_PORT", "LAST_PORT"]).join("-")),
        onlyIf: isContainer === true ? null : "the server runs in a container",
      };

/** The client reaches its servers through a proxy, and not through a balancer. */
const hasProxy = shows(/\bsocks[45a]?\b|--(?:ftp-)?(?:socks-)?proxy\b|\bproxy(?:chains| (?:type|host|server|at))\b/i);

const keepTogether = ifShown(
  (setting) => (shows(/load[- ]?balanc|haproxy|keepalived|\bLVS\b/i)(setting) ? true : null),
  "a load balancer stands before several servers",
);

const own = String.raw`10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|127\.`;

/** A client names its private address, and vsftpd's log has the public one that it comes from. */
const namesOwn = ({ symptom: { announced }, text }: Setting): boolean =>
  isPrivate(announced?.address ?? "") && new RegExp(String.raw`\bClient "(?:::ffff:)?(?!${own})\d`).test(text);

const forwardWords = "Forward the passive ports to the server, port for port, and allow them.";

/** What is stopped behind a forward, or goes to a server that is not translated, has to be let through and no more. */
function letPass(cure: PrintedRemedy, { symptom: { facts = [] }, isLinuxRouter }: Case): MatchedCure | null {
  const stopped = facts.find(
    (fact) =>
      fact.kind === "logged-packet" &&
      fact.in !== null &&
      fact.out !== null &&
      !isPrivate(fact.from.address) &&
      isPrivate(fact.to.address),
  );
  const isTranslated = facts.some((fact) => fact.kind === "rule" && fact.action === "dnat");
  const open = facts.find(
    (fact) =>
      fact.kind === "rule" &&
      fact.chain === "FORWARD" &&
      fact.action === "accept" &&
      fact.destination !== null &&
      fact.ports.some(([first, last]) => first <= 21 && last >= 21),
  );
  const address =
    stopped?.kind === "logged-packet"
      ? stopped.to.address
      : open?.kind === "rule" && !isTranslated
        ? (open.destination ?? "").replace(/\/32$/, "")
        : null;
  if (address === null) return null;
  const line = `iptables -I FORWARD -p tcp -d ${address} --dport FIRST_PORT:LAST_PORT -m conntrack --ctstate NEW -j ACCEPT`;
  return instead(
    cure,
    "Let the router pass new connections to the server's passive ports.",
    isLinuxRouter ? [line] : [],
  );
}

/** With the addresses of the rule that forwards the control port. */
function addressed(cure: PrintedRemedy, { symptom: { facts = [] } }: Case): PrintedRemedy {
  const forward = facts.find((fact) => fact.kind === "rule" && fact.action === "dnat" && fact.target !== null);
  if (forward?.kind !== "rule") return cure;
  const { destination, target } = forward;
  return {
    ...cure,
    lines: cure.lines.map((line) =>
      line
        .replace("PUBLIC_ADDRESS", destination ?? "PUBLIC_ADDRESS")
        .replace("SERVER_ADDRESS", target?.address ?? "SERVER_ADDRESS"),
    ),
  };
}

/** The rules that are shown are those of the server's host, and no router is. */
const isServersOwn = ({ cause, between, symptom: { facts = [] } }: Case): boolean =>
  cause === "helper-blind-to-tls" &&
  between !== "router" &&
  facts.some(
    (fact) =>
      fact.kind === "rule" && fact.chain === "INPUT" && fact.ports.some(([first, last]) => first <= 21 && last >= 21),
  );

/** What stands between filters what leaves the client's network, and nothing is before the server. */
const isClientsOwn = ({ between, routerAt, passive }: Case): boolean =>
  between === "router" && passive !== false && routerAt.client && !routerAt.server;

const attachWords = "Attach the router's FTP helper to the control port, and accept what it expects.";

export const networkFits: Readonly<Record<string, Fit>> = {
  "forward-passive-range": unless(
    (setting) => hasArrived(setting) || setting.passive === false,
    (cure, setting) =>
      isClientsOwn(setting)
        ? instead(cure, "Let connections out to the server's passive ports.")
        : isServersOwn(setting)
          ? openServerHost({ ...cure, party: "server admin" }, setting)
          : setting.isContainer !== false
            ? publishPorts(cure, setting)
            : (letPass(cure, setting) ??
              says(forwardWords, onRouter(["server"], "a NAT router stands before the server"))(
                addressed(cure, setting),
                setting,
              )),
  ),
  "attach-helper": unless(
    ({ isHidden, isContainer, cause, symptom, text }) =>
      isHidden === true ||
      isContainer === true ||
      // A helper puts a public address in the place of a private one.
      (cause === "passive-address-rejected-by-client" &&
        !isPrivate(symptom.announced?.address ?? "") &&
        !addressesIn(text).some(isPrivate)),
    (cure, setting) => {
      const { product, controlPort } = setting;
      const own = product?.follow(controlPort === 21 ? null : controlPort) ?? [];
      if (product !== null && setting.between === "router" && own.length > 0)
        return instead(cure, "Let the firewall follow FTP on the control port of this session.", own);
      if (setting.cause === "helper-not-on-port")
        return instead(cure, "Attach the FTP helper to the port of this control connection too.");
      const lines = /^nf_conntrack_ftp\b/m.test(setting.text)
        ? cure.lines.filter((line) => !line.startsWith("modprobe"))
        : cure.lines;
      if (setting.between === "router" && !setting.isLinuxRouter)
        return says(
          "Let it do so on the control port of this session: it is called FTP inspection, ALG, session helper or FTP proxy.",
          onlyIf("the router can follow FTP"),
        )(cure, setting);
      return says(
        "Attach its FTP helper to the control port, and accept what it expects.",
        setting.passive === false
          ? onRouter(["client"], "a router stands before the client", says(attachWords))
          : onRouter(["server", "client"], "a router stands between client and server", says(attachWords)),
      )({ ...cure, lines }, setting);
    },
  ),
  "accept-related": fits,
  "attach-helper-before-nat": fits,
  "track-control": fits,
  "loosen-reverse-path": says(
    "On the node that drops them, let packets in that come from sources that it would reach by another link (rp_filter = 2), and see to it that their answers find their way.",
  ),
  // They name a rule or a route that was on record in a lab.
  "mend-route": () => null,
  "accept-answers": () => null,
  "dial-inside": () => null,
  "detach-helper": (cure) =>
    instead(cure, "Take the FTP helper off the control connection. Passive ports then have to be open without it.", [
      "iptables-save -t raw | grep helper  # delete the rules that this finds, then",
      "rmmod nf_nat_ftp nf_conntrack_ftp",
    ]),
  "remove-rule": unless(
    (setting) =>
      setting.between === "nothing" ||
      (setting.cause === "data-connection-to-other-server" && hasProxy(setting)) ||
      // What reads along is no rule.
      (setting.cause === "control-line-blocked" && inspector.test(setting.text)),
    (cure, setting) =>
      setting.cause === "port-altered-on-the-way" || setting.cause === "line-altered-on-the-way"
        ? instead(
            cure,
            "Let what stands between the ends leave the reply as the server wrote it: no FTP inspection, no ALG.",
          )
        : setting.product !== null
          ? instead(cure, "Let the firewall pass the data connection, or let it follow FTP on the control port.")
          : ifShown(showsRule, "a rule on the way stops it")(cure, setting),
  ),
  "keep-sources": (cure, setting) =>
    hasProxy(setting)
      ? {
          ...instead(
            cure,
            "Let the client name the server, and not the proxy, when it asks the proxy for the data connection.",
          ),
          party: "user",
        }
      : keepTogether(shows(/\bkubectl\b|\bK8s\b|kubernetes/i)(setting) ? cure : { ...cure, lines: [] }, setting),
  "allow-outgoing": says(
    "Let connections out to the server's passive ports.",
    ifShown(
      (setting) => (setting.symptom.facts?.some(stopsOutgoing) === true ? true : null),
      "a firewall before the client filters what goes out",
    ),
  ),
  "open-control-port": unless(
    shows(nameUnknown),
    says(
      "Let the control port through to the server.",
      onRouter(
        ["server"],
        "a router stands before the server",
        says("Forward the control port to the server, and allow it."),
      ),
    ),
  ),
  "tell-too-long": unless(({ between }) => between === "nothing", onlyIf("a router on the way drops ICMP")),
  "remember-longer": unless(
    (setting) => setting.between === "nothing" || endsByTime(setting),
    says(
      "Let it remember silent connections for longer than the longest transfer takes.",
      onlyIf("a router or firewall stands on the way"),
    ),
  ),
  "show-clients": unless(
    // The server sees the client under a public address.
    (setting) =>
      namesOwn(setting) ||
      shows(new RegExp(String.raw`only to (?!${own})[\d.]+\)|(?<![\d.])(?!${own})[\d.]+:\d+-\[.*foreign address`))(
        setting,
      ),
    says(
      "Do not let it hide clients behind its own address.",
      onlyIf("a router on the server's side translates clients"),
    ),
  ),
  "same-public-address": unless(
    // The client compares the server's addresses, and not the other way round.
    ({ between, isContainer, text }) =>
      between === "nothing" || isContainer === true || text.includes("Host attempting data connection"),
    onlyIf("a NAT before the client has several public addresses"),
  ),
  "let-control-pass": unless(
    ({ between, text }) => between === "nothing" || remoteAlert.test(text),
    (cure, setting) =>
      inspector.test(setting.text)
        ? without(says("Let the firewall pass the control connection without looking into it."))(cure, setting)
        : says(
            "Let it pass the control connection without looking into it (no FTP inspection).",
            onlyIf("a firewall on the way reads the dialogue"),
          )(cure, setting),
  ),
  "answer-router": unless(
    ({ between }) => between === "nothing",
    says(
      "Let it put its own address in the client's place.",
      onlyIf("a router stands before the server, and no route back leads through it"),
    ),
  ),
};

/** The other end itself has answered: nobody between took its line away. */
const remoteAlert =
  /sent a TLS alert|received (?:a )?(?:TLS|SSL|fatal) ?alert|alert (?:protocol|handshake|unknown|certificate)/i;
const inspector = /\bALG\b|FTPALG|%ASA-|\binspect\b|FortiGate|Sophos|SonicWall/i;
