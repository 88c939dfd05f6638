/** What the text of a capture shows: connections that nothing answers, that are refused, and errors of routers. */
import type { PastedFact } from "../../model/symptom";
import { endpointOf } from "../../ftp/endpoint";
import { notOnTheWay, type Clue, type Reading, type Votes } from "./clue";
import { isControl, ofKind, readingOf } from "./facts";
import type { Scene } from "./scene";

type Packet = Extract<PastedFact, { kind: "packet" }>;
type Opening = {
  readonly syns: readonly Packet[];
  readonly answer: Packet | null;
  /** The SYN was sent anew although it had been answered: the answer did not come. */
  readonly isUnheard: boolean;
};

const wayOf = ({ from, to }: Packet): string => `${from.address} ${from.port ?? ""} ${to.address} ${to.port ?? ""}`;
const wayBack = ({ from, to }: Packet): string => wayOf({ from: to, to: from } as Packet);
const isSyn = ({ flags }: Packet): boolean => flags.includes("SYN") && !flags.includes("ACK");

function openingsIn(packets: readonly Packet[]): readonly Opening[] {
  const openings = new Map<string, { syns: Packet[]; answer: Packet | null; isUnheard: boolean }>();
  for (const packet of packets) {
    if (isSyn(packet)) {
      const known = openings.get(wayOf(packet));
      if (known === undefined) openings.set(wayOf(packet), { syns: [packet], answer: null, isUnheard: false });
      else {
        known.isUnheard ||= known.answer?.flags.includes("SYN") === true;
        known.syns.push(packet);
      }
    } else {
      const asked = openings.get(wayBack(packet));
      if (asked !== undefined) asked.answer ??= packet;
    }
  }
  return [...openings.values()];
}

export const captured: Clue = (scene) => {
  const openings = openingsIn(ofKind(scene, "packet"));
  const silent = openings.filter(({ answer }) => answer === null);
  const refused = openings.filter(({ answer }) => answer?.flags.includes("RST") === true);
  return [
    ...ofKinds(silent, "no TCP packet that is shown answers this connection", {
      control: { "port-unreachable": "speaks", "server-host-firewall": "allows" },
      active: { "active-connection-blocked": "speaks", "client-host-firewall": "allows" },
      passive: { "passive-port-not-forwarded": "speaks", "server-host-firewall": "speaks", ...blind(scene) },
    }),
    ...ofKinds(refused, "the connection is refused", {
      control: { "port-unreachable": "speaks" },
      active: { "client-host-firewall": "speaks", "active-connection-blocked": "speaks" },
      passive: { "passive-port-not-forwarded": "speaks", "server-host-firewall": "allows" },
    }),
  ];
};

/** `eth1  In  IP ...`: the link of a packet in a capture of all (tcpdump -i any). */
const link = /(?:^|\s)(\S{1,20})\s+(In|Out|M)\s+IP6? /;

/** The host answers again and again, and is asked again and again. */
export const unheard: Clue = (scene) =>
  openingsIn(ofKind(scene, "packet"))
    .filter(({ isUnheard }) => isUnheard)
    .slice(0, 1)
    .flatMap(({ syns, answer }) => {
      if (answer === null) return [];
      const linkOf = (text = ""): string | null => link.exec(text)?.[1] ?? null;
      const [came, left] = [linkOf(syns[0]?.text), linkOf(answer.text)];
      const isElsewhere = came !== null && left !== null && came !== left;
      return readingOf(
        isElsewhere
          ? `what came by ${came} is answered by ${left}, and asked for again`
          : "the SYN is answered, and sent again all the same",
        [...syns.slice(0, 1), answer, ...syns.slice(1, 2)],
        {
          ...notOnTheWay,
          "return-route-missing": isElsewhere ? "hints" : "speaks",
          "answer-lost-on-return": "speaks",
          "reverse-path-filtered": "allows",
        },
      );
    });

/** What became of the connection to the port that each reply to PASV and EPSV names. */
export const repliedPorts: Clue = (scene) => {
  const openings = openingsIn(ofKind(scene, "packet"));
  const tried = [...scene.earlier, ...scene.exchanges].flatMap((exchange) => {
    if (exchange.verb !== "PASV" && exchange.verb !== "EPSV") return [];
    const port = exchange.replies.map(({ text }) => endpointOf(text)?.port).find((found) => found !== undefined);
    const opening = openings.find(({ syns: [syn] }) => port !== undefined && syn?.to.port === port);
    return opening === undefined ? [] : [{ exchange, opening }];
  });
  const made = tried.filter(
    ({ opening: { answer, isUnheard } }) => answer?.flags.includes("SYN") === true && !isUnheard,
  );
  const dead = tried.filter(({ opening: { answer } }) => answer === null);
  const own = made.find(({ exchange }) => exchange.command === scene.arranged?.command) ?? null;
  const answeredBy = own?.opening.answer ?? null;
  const [extended, elder] = [
    dead.find(({ exchange }) => exchange.verb === "EPSV"),
    made.find(({ exchange }) => exchange.verb === "PASV"),
  ];
  return [
    ...(extended !== undefined && elder !== undefined && scene.isHidden !== true
      ? readingOf(
          "the port of 229 is not answered, and that of 227 is",
          [...extended.opening.syns.slice(0, 1), ...(elder.opening.answer === null ? [] : [elder.opening.answer])],
          {
            ...notOnTheWay,
            "helper-does-not-know-line": "hints",
            "passive-address-unroutable": "denies",
          },
        )
      : answeredBy === null || own === null
        ? []
        : readingOf("the data connection was made", [...own.opening.syns.slice(0, 1), answeredBy], {
            ...notOnTheWay,
            "passive-address-unroutable": "denies",
          })),
  ];
};

function blind({ isHidden }: Scene): Votes {
  return isHidden === true ? { "helper-blind-to-tls": "speaks" } : { "no-helper": "allows" };
}

/** One reading for the control connection, active and passive data connections, where there are such. */
function ofKinds(
  openings: readonly Opening[],
  meaning: string,
  votes: Readonly<Record<"control" | "active" | "passive", Votes>>,
): readonly Reading[] {
  const kindOf = ({ syns: [syn] }: Opening): keyof typeof votes =>
    isControl(syn?.to.port ?? null) ? "control" : syn?.from.port === 20 ? "active" : "passive";
  return (["control", "active", "passive"] as const).flatMap((kind) => {
    const first = openings.find((opening) => kindOf(opening) === kind);
    if (first === undefined) return [];
    const shown = first.answer === null ? first.syns : [...first.syns.slice(0, 1), first.answer];
    return readingOf(meaning, shown, votes[kind]);
  });
}

/** ICMP errors (RFC 792): who sends one has dropped the packet. */
export const unreachable: Clue = (scene) => {
  const errors = ofKind(scene, "icmp-error");
  const of = (says: RegExp, meaning: string, votes: Votes): readonly Reading[] =>
    readingOf(
      meaning,
      errors.filter((error) => says.test(error.says)),
      votes,
    );
  return [
    ...of(/frag|too big/i, "a packet was too long for a link on the way", { "path-mtu-black-hole": "names" }),
    ...of(/time exceeded|ttl/i, "a packet's TTL ended before it arrived", { "ttl-expired": "names" }),
    ...of(/prohibited|filtered/i, "a filter on the way refused a packet", {
      "rule-blocks-data-connection": "hints",
      "server-host-firewall": "speaks",
    }),
    ...of(/port.{0,40}unreachable/i, "a host refused a packet for the port", {
      "server-host-firewall": "hints",
      "passive-port-not-forwarded": "speaks",
    }),
  ];
};
