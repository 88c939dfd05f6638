/** What the data command and its reply name, what the client says that it does with it, and what the server thinks of it. */
import { dataVerbs, isNegative } from "../../ftp/dialogue";
import { endpointOf } from "../../ftp/endpoint";
import { saysReplaced } from "../logs/dialling";
import { isProse } from "../logs/trouble";
import { notUnderstood } from "../logs/unreadable";
import { outcomeIn } from "./outcome";
import { notOnTheWay, wordsClue, type Clue, type Words } from "./clue";
import { isPassive, type DataCommand } from "../../model/axes";
import { isNowhere, isPrivate, isTransferRefused, quoteOf, quotesOf, type Scene } from "./scene";
import type { LogLine } from "../../model/symptom";

const replaced: Clue = ({ lines, symptom, isHidden, stage, namesPrivate }) => {
  const at = new Set((symptom.grounds?.replaced ?? []).map(({ line }) => line));
  const said = lines.filter(({ direction, text, line }) => direction === "*" && (saysReplaced(text) || at.has(line)));
  if (said.length === 0) return [];
  const isOpen = stage === "data-connect" || stage === null;
  const { announced, dialled } = symptom;
  // A public address that is not the control connection's is one that a server was told to name.
  const named = announced?.address ?? null;
  const isOther = named !== null && dialled !== null && named !== dialled && !namesPrivate && !isPrivate(named);
  return [
    {
      meaning: "the client did not dial the address in the reply, but the server's",
      lines: said.slice(-1).map(quoteOf),
      votes: {
        "passive-address-unroutable": "denies",
        ...(isOpen && isOther ? { "passive-address-not-dialled": "hints" } : {}),
        ...(isOpen
          ? isOther
            ? { "no-helper": "allows", "passive-port-not-forwarded": "allows" }
            : isHidden === false
              ? { "no-helper": "speaks", "passive-port-not-forwarded": "speaks" }
              : { "helper-blind-to-tls": "speaks" }
          : {}),
      },
    },
  ];
};

/** Somebody says of another client that puts the server's address in the reply's place, that it works. */
const replacedElsewhere: Clue = ({ unread, lines, stage, namesPrivate, isHidden }) => {
  if (!namesPrivate || (stage !== null && stage !== "data-connect")) return [];
  const said = [...unread, ...lines].find(({ direction, text }) => direction === "*" && saysReplaced(text));
  const works = unread.find(({ text }) => doesWork.test(text));
  if (said === undefined || works === undefined || lines.some((line) => line === said)) return [];
  return [
    {
      meaning: "the server's own address was dialled in its place, and something is said to work",
      lines: [said, works].filter((line, index, all) => all.indexOf(line) === index).map(quoteOf),
      votes: {
        "passive-address-unroutable": "hints",
        "passive-port-not-forwarded": "denies",
        "server-host-firewall": "denies",
        ...(isHidden === true ? {} : { "no-helper": "denies" }),
      },
    },
  ];
};

/** In prose: that something works, and not that it does not. */
const doesWork =
  /(?<!\b(?:not|n't|never|nothing|no longer)\b.{0,12})\b(?:works?|worked|is (?:fine|ok))\b(?! (?:not|n't))/i;

/** The same reply as the server wrote it and as it came to the client, where both ends' logs are there. */
const changedReply: Clue = ({ lines, unread }) => {
  const isAnswer = ({ direction, text }: LogLine): boolean => direction === "<" && /^22[79] /.test(text);
  const [own, servers] = [false, true].map((isServers) =>
    lines.findLast((line) => isAnswer(line) && (line.by === "server") === isServers),
  );
  if (own === undefined) return [];
  if (servers === undefined) return quotedFromServer(own, unread);
  const [came, sent] = [endpointOf(own.text), endpointOf(servers.text)];
  const isSameCode = own.text.slice(0, 3) === servers.text.slice(0, 3);
  if (!isSameCode || came === null || sent === null || came.port === sent.port) return [];
  return [
    {
      meaning: `the server wrote port ${sent.port}, and port ${came.port} came to the client`,
      lines: [quoteOf(servers), quoteOf(own)],
      // What was altered is the line that the client read; nothing shows where its connection then led.
      votes: { "line-altered-on-the-way": "names", "port-altered-on-the-way": "hints" },
    },
  ];
};

/** Where somebody looked at the server's end, and what he then quotes. */
const atServer =
  /\b(?:inside|in|from) the (?:container|server|pod|VM|guest|jail)\b|\b(?:on|at) the server(?:'s)?\b|\bserver(?:'s)? (?:side|log|end)\b|\bthe server (?:sends|sent|writes|wrote|says|replies)\b|\b(?:reply|line|packet) leaves\b/i;

/** A person who quotes the reply as the server wrote it. */
function quotedFromServer(own: LogLine, unread: readonly LogLine[]): ReturnType<Clue> {
  const came = endpointOf(own.text);
  const quoting = unread.find(({ text }) => {
    const sent = endpointOf(/\b22[79] .*/.exec(text)?.[0] ?? "");
    return atServer.test(text) && sent !== null && came !== null && sent.port !== came.port;
  });
  return quoting === undefined
    ? []
    : [
        {
          meaning: "another port is quoted from the server's end than came to the client",
          lines: [quoteOf(quoting), quoteOf(own)],
          votes: {
            "line-altered-on-the-way": "hints",
            "port-altered-on-the-way": "allows",
            "passive-port-not-forwarded": "denies",
            "no-helper": "denies",
          },
        },
      ];
}

/** Where a client says that it dials, or could not dial, an address and a port. */
function dials({ lines, arranged }: Scene, address: string): readonly LogLine[] {
  const from = arranged === null ? -1 : lines.indexOf(arranged.command);
  return lines
    .slice(from + 1)
    .filter(({ direction, text }) => direction === "*" && text.includes(address) && !saysReplaced(text))
    .filter(
      ({ text, by }) =>
        by === undefined &&
        /connect|trying|dial|open|tim(?:ed|e) ?out|refused|socket|unreachable|no route|\d\D{1,24}\d{2,5}\D{0,3}[:：]/i.test(
          text,
        ),
    );
}

const privateReply: Clue = (scene) => {
  const { symptom, arranged, namesPrivate, stage, lines, isHidden } = scene;
  const address = symptom.announced?.address ?? null;
  const mayMatter = stage === null || stage === "data-connect" || stage === "data-command";
  if (
    !namesPrivate ||
    address === null ||
    isNowhere(address) ||
    arranged === null ||
    scene.passive === false ||
    !mayMatter
  )
    return [];
  if (hasNeighbour(address, [...lines, ...scene.unread])) return [];
  // Who could not read the reply has dialled nothing.
  if (stage === "data-command" && notUnderstood.test(symptom.message ?? "")) return [];
  if (symptom.replaced || lines.some(({ direction, text }) => direction === "*" && saysReplaced(text))) return [];
  const named =
    arranged.replies.findLast(({ text }) => text.startsWith("227")) ?? arranged.replies.at(-1) ?? arranged.command;
  const dialled = dials(scene, address);
  return [
    {
      meaning: `the reply names ${address}, an address of private networks`,
      lines: [quoteOf(named)],
      votes: {
        "passive-address-unroutable": "hints",
        ...(isHidden === true ? { "helper-blind-to-tls": "allows" } : {}),
      },
    },
    ...(dialled.length === 0
      ? []
      : [
          {
            meaning: "the client dials that address",
            lines: dialled.slice(-2).map(quoteOf),
            votes: { "passive-address-unroutable": symptom.dialled === null ? "hints" : "names" },
          } as const,
        ]),
  ];
};

/** A server's word of who has come, or the client that it names before each line. */
const fromClient =
  /\b(?:new )?connect(?:ion|ed) from \D{0,12}\d{1,3}\.|^\S+ \[(?:\d{1,3}\.){3}\d{1,3}\] (?:Client|Server): /i;

/** The server's own log shows a client in the same network (of 256 addresses, as most are): the address is no stranger's there. */
function hasNeighbour(address: string, lines: readonly LogLine[]): boolean {
  const network = address.slice(0, address.lastIndexOf(".") + 1);
  return lines.some(
    ({ by, text }) =>
      (by === "server" || fromClient.test(text)) &&
      (text.match(/\b(?:\d{1,3}\.){3}\d{1,3}\b/g) ?? []).some(
        (other) => other !== address && other.startsWith(network),
      ),
  );
}

/** A client in active mode names an address of its own network to a server outside of it. */
const privateOffer: Clue = (scene) => {
  const { symptom, arranged, passive, stage, isHidden } = scene;
  if (isTransferRefused(scene)) return [];
  const address = symptom.announced?.address ?? null;
  if (address === null || arranged === null || passive !== false || stage !== "data-connect") return [];
  if (!isPrivate(address) || isPrivate(symptom.dialled ?? "")) return [];
  return [
    {
      meaning: `the client names ${address}, an address of private networks`,
      lines: [quoteOf(arranged.command)],
      votes: {
        "active-connection-blocked": "allows",
        ...(isHidden === true ? { "helper-blind-to-tls": "allows" } : { "no-helper": "allows" }),
      },
    },
  ];
};

/** 0.0.0.0 and loopback are no address of a server for anybody else. */
const nowhere: Clue = ({ symptom, arranged, passive }) => {
  const address = symptom.announced?.address ?? null;
  if (address === null || arranged === null || passive !== true || !isNowhere(address)) return [];
  if ((symptom.dialled ?? "").startsWith("127.")) return [];
  return [
    {
      meaning: `the reply names ${address}, which is no address of the server for anybody else`,
      lines: quotesOf(arranged),
      // Who dials it dials himself, and no router or firewall of others sees that.
      votes: {
        ...notOnTheWay,
        "passive-address-unroutable": "hints",
      },
    },
  ];
};

/** EPSV and EPRT over IPv6 have no elder form that a server could know in their place (RFC 2428). */
const sixRefused: Clue = ({ exchanges, symptom, lines }) => {
  // ProFTPD names its address when it greets.
  const greeted = lines.find(
    ({ direction, text }) => direction === "<" && /^220[ -].*\[[0-9a-f]{1,4}:[0-9a-f:]+\]/i.test(text),
  );
  const dialled = symptom.dialled ?? "";
  const says =
    greeted ??
    (dialled.includes(":") ? lines.find(({ direction, text }) => direction === "*" && text.includes(dialled)) : null) ??
    exchanges.find(({ command }) => /^EPRT \|2\|/i.test(command.text))?.command;
  const refused = exchanges.filter(
    ({ verb, code }) => dataVerbs.includes(verb) && [500, 501, 502, 522].includes(code ?? 0),
  );
  const last = refused.at(-1);
  return says === undefined || last === undefined
    ? []
    : [
        {
          meaning:
            last.verb === "EPSV" || last.verb === "EPRT"
              ? `the server refused ${new Set(refused.map(({ verb }) => verb)).size > 1 ? "EPSV and EPRT, and IPv6 has no other data command" : `${last.verb}, one of the two data commands that IPv6 has`} (RFC 2428)`
              : `the connection is one of IPv6, for which ${last.verb} has no form (RFC 2428)`,
          lines: [quoteOf(says), ...[...new Map(refused.map((one) => [one.verb, one])).values()].flatMap(quotesOf)],
          votes: {
            "address-family-refused": "hints",
            "data-command-refused": "speaks",
            "active-address-refused": "denies",
          },
        },
      ];
};

const activeRefused: Clue = ({ arranged, last, symptom }) => {
  if (arranged === null || arranged !== last || !["PORT", "EPRT"].includes(arranged.verb) || !isNegative(arranged.code))
    return [];
  const reply = arranged.replies.at(-1)?.text ?? "";
  const isUnknown =
    /not understood|not implemented|unknown|unrecogni[sz]ed|disabled|not supported|use PASV|passive/i.test(reply);
  const address = symptom.announced?.address ?? null;
  const hidden = address !== null && isPrivate(address);
  return [
    {
      meaning: hidden
        ? `the server refused a command that names ${address}`
        : "the server refused the command that names the client's address",
      lines: quotesOf(arranged),
      votes: isUnknown
        ? { "data-command-refused": "speaks", "active-address-refused": "allows" }
        : { "active-address-refused": "speaks", "data-command-refused": "allows" },
    },
  ];
};

const passiveRefused: Clue = ({ arranged, last }) => {
  if (arranged === null || arranged !== last || !["PASV", "EPSV"].includes(arranged.verb) || !isNegative(arranged.code))
    return [];
  if ([421, 425].includes(arranged.code)) {
    // By a time limit of its own a server ends whatever comes.
    if (arranged.replies.some(({ text }) => /time|idle|inactiv/i.test(text))) return [];
    return [
      {
        meaning: `the server answered ${arranged.verb} with ${arranged.code}, so it opened no port for it`,
        lines: quotesOf(arranged),
        votes: {
          "passive-range-exhausted": "speaks",
          "server-limit-reached": "allows",
          "server-setting-broken": "allows",
        },
      },
    ];
  }
  return [
    {
      meaning: `the server refused ${arranged.verb}`,
      lines: quotesOf(arranged),
      votes: { "data-command-refused": "speaks", "server-denies-command": "allows" },
    },
  ];
};

/** The connection stood still or ended where the answer to a data command was due. */
const unanswered: Clue = ({ arranged, last, symptom, lines, unread }) => {
  if (arranged === null || arranged !== last || arranged.replies.length > 0 || symptom.result !== "failed") return [];
  const { line: sentAt, paste: sentIn } = arranged.command;
  const told = unread.filter(
    (line) => line.paste === sentIn && line.line > sentAt && !isProse(line.text) && outcomeIn([line]) !== null,
  );
  const after = [...lines.slice(lines.indexOf(arranged.command) + 1), ...told];
  if (!after.some(({ direction }) => direction === "*")) return [];
  // A client that cannot read the reply has got one.
  if (after.some(({ text }) => notUnderstood.test(text) || /^Invalid PORT|Cannot initiate PASV/.test(text))) return [];
  // Some servers log commands alone: what they answered is not shown, and no transfer followed.
  const isHeard = lines.some(({ direction, by, implied }) => direction === "<" && by === "server" && implied !== true);
  if (arranged.command.by === "server" && !isHeard) {
    if (!isPassive(arranged.verb.toLowerCase() as DataCommand)) return [];
    const next = after.find(({ direction }) => direction === "*");
    return [
      {
        meaning: `no transfer follows ${arranged.verb} in the server's log`,
        lines: [quoteOf(arranged.command), ...(next === undefined ? [] : [quoteOf(next)])],
        votes: { "passive-port-not-forwarded": "speaks", "server-host-firewall": "speaks", "no-helper": "allows" },
      },
    ];
  }
  const found = outcomeIn(after);
  return [
    {
      meaning: `no answer to ${arranged.verb} is shown`,
      lines: [quoteOf(arranged.command), ...(found === null ? [] : [quoteOf(found.line)])],
      votes: { "control-line-blocked": "speaks" },
    },
  ];
};

/** A setting, a call or a person's word for passive mode. */
const saysPassive =
  /\bpassive ?mode ?[=:] ?(?:true|1|on|yes|"?passive)\b|\benter(?:Local|Remote)?Passive ?Mode\b|\bpassive[ _-]?mode (?:is )?(?:on|enabled|set|used)\b|\b(?:in|with|using) passive mode\b|\bpassive ?[=:] ?true\b/i;

const words: readonly Words[] = [
  {
    says: /Illegal (?:PORT|EPRT)\b(?! number)|won't open a connection to|(?:connect|connection) to (?:a )?foreign address|address is not yours|bounce|FXP (?:is )?(?:not|denied|disabled)|Bad (?:PORT|EPRT)(?! protocol)|PORT.{0,40}(?:own|different|other|same|mismatch|not match|client'?s?) (?:IP|address|host)|only client(?:'s)? (?:IP )?address|PORT (?:command )?(?:IP )?(?:address )?(?:rejected|denied|invalid)|Possible port|IP (?:address )?in PORT|(?:is not|not) the same as (?:the )?client/i,
    unless: /%(?:ASA|PIX|FTD)-|\bALG\b|FTPALG|\bEPSV ALL\b|PASV socket/,
    means: "the server does not connect to the address that the client names",
    votes: { "active-address-refused": "names" },
  },
  {
    says: /in response to the PASV command that is different|passive mode address mismatch|Refused (?:PASV|EPSV) address|PASV.{0,40}(?:different|other|foreign) (?:host|address|IP)|(?:server|reply|227).{0,40}(?:invalid|untrusted|different|suspicious|unexpected) (?:IP|address|host)|address .{0,40}(?:in|from|of) (?:the )?(?:PASV|227|passive).{0,40}(?:not|reject|ignor|differ)|security.{0,40}(?:PASV|passive) (?:address|host)/i,
    in: "remark",
    means: "the client does not accept the address that the reply names",
    votes: { "passive-address-rejected-by-client": "names" },
  },
  {
    // Commons Net's check of a data connection's other end, in either mode (FTPClient._openDataConnection_).
    says: /Host attempting data connection .* is not (?:the )?same as server/i,
    means: "the client takes no data connection with another host than that of the control connection",
    votes: ({ symptom: { announced }, passive, lines, unread }) => ({
      // In passive mode it has dialled the address of the reply itself.
      ...(passive === true && lines.some(({ text }) => text.includes(`connection ${announced?.address ?? "?"} is`))
        ? { "passive-address-rejected-by-client": "names", "foreign-data-peer": "speaks" }
        : passive !== null
          ? { "foreign-data-peer": "names", "passive-address-rejected-by-client": "speaks" }
          : [...lines, ...unread].some(({ text }) => saysPassive.test(text))
            ? { "passive-address-rejected-by-client": "hints", "foreign-data-peer": "speaks" }
            : { "foreign-data-peer": "hints", "passive-address-rejected-by-client": "speaks" }),
      "passive-port-not-forwarded": "denies",
      "no-helper": "denies",
      "data-connection-to-other-server": "speaks",
    }),
  },
  {
    says: /Address family not supported|EAFNOSUPPORT|network protocol not supported|Bad network protocol|Bad EPRT protocol|protocol not supported, use|\b10047\b|cannot use PASV on IPv6|(?:IPv6|IPv4) (?:is )?not (?:supported|available|enabled)|only IPv[46]|PASV.{0,40}IPv6|wrong address family/i,
    // lftp says it of its own host before it dials, and dials by IPv4.
    unless: /IPv6 is not supported or configured/,
    means: "the one end does not take the other's version of IP",
    votes: { "address-family-refused": "names" },
  },
  {
    says: /^425\b.*(?:Connection refused|timed out|No route|unreachable)|Can't build data connection: (?:Connection|No route|Network)|could not open data connection to port \d+|Can't open data connection to/i,
    in: "reply",
    at: "end",
    when: ({ passive }) => passive !== true,
    means: "the server could not connect to the client",
    votes: { "active-connection-blocked": "speaks", "client-host-firewall": "allows" },
  },
  {
    // frox, a proxy between them.
    says: /\bFailed to contact client data port\b/,
    means: "the proxy did not reach the port at which the client waits for data",
    votes: { "active-connection-blocked": "hints", "client-host-firewall": "speaks" },
  },
  {
    says: /^425\b.*(?:Use PORT or PASV first|PORT.*PASV.*first|no data connection (?:set|defined)|Unable to build data connection: Invalid)/i,
    at: "end",
    means: "the server knows of no data command before this",
    votes: { "data-command-refused": "speaks" },
  },
  {
    says: /Cannot assign requested address|EADDRNOTAVAIL/,
    // A client says it of its own host.
    unless: /\bconnect\b|\bcurl: |BindException/,
    at: "end",
    means: "the system of the server had no address or port for the connection",
    votes: { "passive-range-exhausted": "names", "server-setting-broken": "speaks" },
  },
  {
    says: /^425\b.*Permission denied|^425\b.*(?:bind|socket).*(?:denied|permitted)/i,
    at: "end",
    means: "the server's own system does not let it open the data connection",
    votes: { "server-setting-broken": "speaks", "server-host-firewall": "allows" },
  },
];

export const addressClues: readonly Clue[] = [
  replaced,
  changedReply,
  replacedElsewhere,
  privateReply,
  privateOffer,
  nowhere,
  sixRefused,
  activeRefused,
  passiveRefused,
  unanswered,
  wordsClue(words),
];
