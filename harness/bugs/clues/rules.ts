/** What listed rules do with the connections of a session. */
import type { PastedFact } from "../../model/symptom";
import type { Clue, Votes } from "./clue";
import { controlPortOf, isHigh, ofKind, readingOf } from "./facts";
import { quoteOf } from "./scene";

type Rule = Extract<PastedFact, { kind: "rule" }>;

const covers = ({ ports }: Rule, port: number): boolean =>
  ports.length === 0 || ports.some(([first, last]) => first <= port && port <= last);
const isIn = (rule: Rule, chains: RegExp): boolean => rule.chain !== null && chains.test(rule.chain);
/** Rules of ufw and firewalld are those of the host itself and name no chain. */
const isHosts = (rule: Rule): boolean => rule.chain === null || isIn(rule, /input|public|ufw-user|IN_/i);

/** What rules do with the port that the log names, or with high ports where it names none. */
export const listed: Clue = (scene) => {
  const rules = ofKind(scene, "rule");
  if (rules.length === 0) return [];
  const port = scene.symptom.announced?.port ?? null;
  const control = controlPortOf(scene);
  const accepts = rules.filter(({ action, isPolicy }) => action === "accept" && !isPolicy);
  const stops = rules.filter(({ action }) => action === "drop" || action === "reject");
  const policies = stops.filter(
    ({ isPolicy, ports, protocol }) => isPolicy || (ports.length === 0 && protocol === null),
  );
  const ended = stops.filter(
    (rule) =>
      !policies.includes(rule) &&
      rule.ports.length > 0 &&
      (port === null ? rule.ports.some(([, last]) => isHigh(last)) : covers(rule, port)),
  );
  const opens = (rule: Rule): boolean =>
    rule.ports.length > 0 &&
    (port === null ? rule.ports.some(([first, last]) => isHigh(last) && last > first) : covers(rule, port));
  const forwards = rules.filter(({ action }) => action === "dnat");
  const ofControl = forwards.filter((rule) => rule.ports.length > 0 && (covers(rule, 21) || covers(rule, 990)));
  const ofRange = forwards.filter(opens);
  // Where a range is forwarded that lacks the port of this session, nothing else is to be asked.
  const otherRange =
    port === null ? [] : forwards.filter(({ ports }) => ports.some(([from, last]) => isHigh(from) && last > from));
  const helpers = rules.filter(({ action, helper: name = "ftp" }) => action === "helper" && name === "ftp");
  const untracked = rules.filter((rule) => rule.action === "notrack" && (covers(rule, 21) || covers(rule, 990)));
  const related = accepts.filter(({ states }) => states.some((state) => /related/i.test(state)));
  const inputs = rules.filter((rule) => isHosts(rule) && !rule.isPolicy);
  const isOpened = (host: boolean): boolean => accepts.some((rule) => isHosts(rule) === host && opens(rule));
  // Rules that let the control port in and forward nothing are the server's own.
  const isServers =
    inputs.some((rule) => rule.action === "accept" && rule.ports.length > 0 && covers(rule, control?.port ?? 21)) &&
    forwards.length === 0 &&
    !rules.some((rule) => isIn(rule, /forward/i) && !rule.isPolicy && rule.action === "accept");
  const isOfData = scene.stage === null || scene.stage === "data-connect" || scene.stage === "data-command";
  const relatedIn = related.filter(isHosts);
  const forwardPolicy = policies.filter((rule) => isIn(rule, /forward/i));
  const inputPolicy = policies.filter(isHosts);
  const elsewhere = helpers.filter((rule) => rule.ports.length > 0 && !covers(rule, control?.port ?? 21));
  const shifted = forwards.filter(
    (rule) =>
      rule.target?.port !== undefined && rule.target.port !== null && rule.ports.some(([first, last]) => last > first),
  );
  const [forward] = ofControl;
  const other = ofRange.filter(
    (rule) =>
      forward?.target !== undefined &&
      forward.target !== null &&
      rule.target !== null &&
      rule.target.address !== forward.target.address,
  );
  const hidden: Votes = scene.isHidden === true ? { "helper-blind-to-tls": "speaks" } : {};
  // What the helper would have translated was refused for not being translated.
  const elsewhereVotes: Votes =
    control === null || scene.isHidden === true
      ? { "helper-not-on-port": "speaks" }
      : { "helper-not-on-port": "names", "no-helper": "denies", "active-address-refused": "denies" };
  return [
    ...readingOf("a rule takes the control connection out of connection tracking", untracked, {
      "control-connection-untracked": "names",
    }),
    ...(other.length === 0
      ? []
      : [
          ...readingOf(
            "a rule leads the data connection to another host than the control connection",
            [...ofControl.slice(0, 1), ...other],
            { "data-connection-to-other-server": "names" },
          ),
        ]),
    ...readingOf("a rule leads a range of ports to one port", shifted, { "port-altered-on-the-way": "names" }),
    ...readingOf(
      "a rule stops such a port",
      ended,
      ended.some(isHosts) ? { "server-host-firewall": "names" } : { "rule-blocks-data-connection": "names" },
    ),
    ...(ofControl.length > 0 && ofRange.length === 0
      ? [
          ...readingOf(
            `a rule forwards the control port, and none that is shown forwards ${port === null ? "a passive range" : `port ${port}`}`,
            [...ofControl.slice(0, 1), ...otherRange.slice(0, 1)],
            { "passive-port-not-forwarded": otherRange.length > 0 ? "names" : "hints", ...hidden },
          ),
        ]
      : []),
    ...(helpers.length > 0 && elsewhere.length === helpers.length && isOfData
      ? [
          {
            meaning:
              control === null
                ? "the helper is attached to another port"
                : `the helper is attached to another port than ${control.port}, to which the client connects`,
            lines: [...elsewhere.slice(0, 1), ...(control === null ? [] : [control.line])].map(quoteOf),
            votes: elsewhereVotes,
          },
        ]
      : []),
    ...(helpers.length > 0 && forwardPolicy.length > 0 && related.length === 0
      ? [
          ...readingOf(
            "a helper is attached, and no rule that is shown accepts what it expects",
            [...helpers.slice(0, 1), ...forwardPolicy],
            { "related-not-accepted": "hints" },
          ),
        ]
      : []),
    ...(inputPolicy.length > 0 && !isOpened(true)
      ? [
          ...readingOf(
            "what no rule accepts is stopped, and none that names ports accepts a passive range",
            inputPolicy,
            {
              "server-host-firewall": "speaks",
              "passive-port-not-forwarded": isServers ? "denies" : "allows",
              ...(isServers ? { "no-helper": "denies" } : {}),
            },
          ),
        ]
      : []),
    ...(isServers && scene.isHidden === true && relatedIn.length > 0
      ? [
          ...readingOf(
            "this host accepts what its FTP helper expects (RELATED), and a helper cannot read what TLS hides",
            relatedIn,
            { "helper-blind-to-tls": "hints", "server-host-firewall": "speaks" },
          ),
        ]
      : []),
    ...(forwardPolicy.length > 0 && !isServers && !isOpened(false) && helpers.length === 0
      ? [
          ...readingOf(
            "what no rule accepts is not forwarded, and none that names ports accepts a passive range",
            forwardPolicy,
            { "passive-port-not-forwarded": "speaks", "no-helper": "allows", ...hidden },
          ),
        ]
      : []),
    ...(inputPolicy.length + forwardPolicy.length === 0 &&
    ended.length === 0 &&
    accepts.length > 0 &&
    !accepts.some(opens) &&
    accepts.some((rule) => covers(rule, control?.port ?? 21) && rule.ports.length > 0)
      ? [
          ...readingOf(
            "the rules that are shown open the control port, and no passive range",
            accepts.filter((rule) => covers(rule, control?.port ?? 21) && rule.ports.length > 0),
            { "server-host-firewall": "speaks", "passive-port-not-forwarded": "allows" },
          ),
        ]
      : []),
  ];
};
