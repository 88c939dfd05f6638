import { parseAddress } from "../../../net/address";
import { absentLines } from "../proftpd-modules";
import { announcedFinding } from "./announced";
import { inOrder, type ConfigurationFinding } from "./finding";

/** A directive with its place. */
type Line = {
  readonly name: string;
  readonly words: readonly string[];
  readonly line: number;
  readonly context: string;
};

/** Words of TLSOptions (contrib/mod_tls.c, set_tlsoptions, 1.3.8). */
const tlsOptions =
  /^(AllowDotLogin|AllowPerUser|AllowWeakDH|AllowWeakSecurity|AllowClientRenegotiations?|EnableDiags|ExportCertData|IgnoreSNI|NoEmptyFragments|NoSessionReuseRequired|StdEnvVars|dNSNameRequired|iPAddressRequired|UseImplicitSSL|CommonNameRequired|NoAutoECDH)$/i;

/** Directives that a virtual host does not take over from the main server, and without which its transfers fail. */
const perHost = /^(passiveports|masqueradeaddress)$/;

/**
 * What a `proftpd.conf` says that ProFTPD 1.3.8 refuses, that does not do what it looks like, or that the lab leaves out.
 * @param given names of the files that the text was joined from
 */
export function lintProftpd(text: string, given: readonly string[] = []): readonly ConfigurationFinding[] {
  const lines = linesOf(text);
  return inOrder([
    ...lines.flatMap(lintLine),
    ...lintRepeated(lines),
    ...lintPorts(lines),
    ...lintHosts(lines),
    ...lintTls(lines, text, given),
    ...lintAbsent(text),
  ]);
}

/** Lines joined by a backslash are one, and have the place of the first. */
function linesOf(text: string): readonly Line[] {
  const found: Line[] = [];
  const blocks: string[] = [];
  let joined = "";
  let from = 0;
  for (const [index, raw] of text.split("\n").entries()) {
    if (joined === "") from = index + 1;
    const whole = joined + raw.trim();
    joined = whole.endsWith("\\") && !whole.startsWith("#") ? `${whole.slice(0, -1)} ` : "";
    if (joined !== "" || whole === "" || whole.startsWith("#")) continue;
    const [word = "", ...words] = (whole.match(/"[^"]*"|\S+/g) ?? []).map((part) => part.replace(/^"(.*)"$/, "$1"));
    const name = word.toLowerCase();
    const comment = words.findIndex((part) => part.startsWith("#"));
    found.push({ name, words: comment < 0 ? words : words.slice(0, comment), line: from, context: blocks.join(" ") });
    if (name.startsWith("</")) blocks.pop();
    else if (name.startsWith("<")) blocks.push(`${name}@${from}`);
  }
  return found;
}

function lintLine(line: Line): readonly ConfigurationFinding[] {
  switch (line.name) {
    case "passiveports":
      return lintRange(line);
    case "masqueradeaddress":
      return lintMasquerade(line);
    case "tlsoptions":
      return line.words
        .filter((word) => !tlsOptions.test(word))
        .map((word) => ({
          line: line.line,
          severity: "error" as const,
          text: `ProFTPD 1.3.8 does not know the TLSOption ${word} and does not start.`,
          remedy: "Leave the word out.",
        }));
    case "tlsprotocol":
      return line.words.length > 0 &&
        line.words.every((word) => /^(SSLv[23]|TLSv1|TLSv1\.1)$/i.test(word)) &&
        !line.words.includes("SSLv23")
        ? [
            {
              line: line.line,
              severity: "warning",
              text: `TLSProtocol ${line.words.join(" ")} allows only versions that current clients have switched off (RFC 8996).`,
              remedy: "Write TLSProtocol TLSv1.2 TLSv1.3.",
            },
          ]
        : [];
    default:
      return [];
  }
}

/** modules/mod_core.c, set_passiveports. */
function lintRange({ words, line }: Line): readonly ConfigurationFinding[] {
  const error = (text: string, remedy: string): readonly ConfigurationFinding[] => [
    { line, severity: "error", text: `ProFTPD does not start: ${text}.`, remedy },
  ];
  const [first = 0, last = 0] = words.map(Number);
  const written = `PassivePorts ${words.join(" ")}`;
  if (words.length !== 2)
    return error(`${written} is not two ports`, "Write the first and the last port, with a blank between.");
  if (!words.every((word) => /^\d+$/.test(word)) || first < 1 || last < 1 || first > 65_535 || last > 65_535)
    return error(`${written} names something that is no port`, "Ports are numbers up to 65535.");
  if (first < 1024 || last < 1024) return error(`${written} has ports below 1024`, "Take ports from 1024 up.");
  if (first === last)
    return error("one passive port alone is no range", `Write PassivePorts ${first} ${Math.min(first + 9, 65_535)}.`);
  if (first > last) return error("the range is upside down", `Write PassivePorts ${last} ${first}.`);
  return [];
}

function lintMasquerade({ words, line }: Line): readonly ConfigurationFinding[] {
  const [address = ""] = words;
  const found = announcedFinding("MasqueradeAddress", address, line);
  if (found !== null) return [found];
  if (parseAddress(address) !== null || address === "") return [];
  return [
    {
      line,
      severity: "note",
      text: `ProFTPD looks the name ${address} up when it starts, and announces that address until it starts again (mod_core.c, set_masqueradeaddress).`,
      remedy: "Restart it when the address changes, or name the address.",
    },
  ];
}

/** Of two in one place the first counts, as measured with 1.3.8c. */
function lintRepeated(lines: readonly Line[]): readonly ConfigurationFinding[] {
  const once = /^(passiveports|masqueradeaddress|port|tlsengine|tlsrequired|tlsprotocol)$/;
  return lines.flatMap(({ name, context, line, words }, index) => {
    const first = lines.slice(0, index).find((other) => other.name === name && other.context === context);
    // What stands in <IfModule> and the like may be read or not.
    if (!once.test(name) || first === undefined || !/^(<(global|virtualhost)@\d+)?$/.test(context)) return [];
    if (first.words.join() === words.join()) return [];
    const text = "It has no effect: {other} sets the same in the same place, and the first counts.";
    return [{ line, other: first.line, severity: "warning" as const, text, remedy: "Keep one of the two lines." }];
  });
}

function lintPorts(lines: readonly Line[]): readonly ConfigurationFinding[] {
  const port = lines.find(({ name, context }) => name === "port" && context === "");
  const range = lines.find(({ name }) => name === "passiveports");
  const number = Number(port?.words[0] ?? 21);
  const [first = 0, last = 0] = (range?.words ?? []).map(Number);
  if (range === undefined || number < first || number > last) return [];
  const text = `The control port ${number} lies in the passive range: it can be given to no data connection.`;
  return [{ line: range.line, severity: "warning", text, remedy: "Take a range without it." }];
}

/** A virtual host takes nothing over from the main server but what stands in <Global>. */
function lintHosts(lines: readonly Line[]): readonly ConfigurationFinding[] {
  const host = lines.find(({ name }) => name === "<virtualhost");
  if (host === undefined) return [];
  return lines
    .filter(({ name, context }) => perHost.test(name) && context === "")
    .filter(({ name }) => !lines.some((other) => other.name === name && /<(virtualhost|global)/.test(other.context)))
    .map(({ line, words, name }) => {
      const written = `${name === "passiveports" ? "PassivePorts" : "MasqueradeAddress"} ${words.join(" ")}`;
      return {
        line,
        other: host.line,
        severity: "warning" as const,
        text: `${written} does not hold for the <VirtualHost> of {other}, whose passive connections then fail behind NAT.`,
        remedy: "Put it into <Global>.",
      };
    });
}

/** Whether all files are here that may load modules: the main one, and each that it includes by its name. Folders hold settings. */
function knowsModules(lines: readonly Line[], given: readonly string[]): boolean {
  const isMain = lines.some(({ name }) => /^(servername|servertype|loadmodule)$/.test(name));
  const names = new Set(given.map(baseOf));
  return (
    isMain &&
    lines
      .filter(({ name }) => name === "include")
      .every(({ words: [path = ""] }) => /[*?[]|\/$/.test(path) || names.has(baseOf(path)))
  );
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What the lab leaves out, a module at a time. */
function lintAbsent(text: string): readonly ConfigurationFinding[] {
  const all = absentLines(text);
  return [...new Set(all.map(({ module }) => module.id))].flatMap((id): ConfigurationFinding[] => {
    const [first, ...others] = all.filter(({ module }) => module.id === id);
    if (first === undefined) return [];
    const { decides } = first.module;
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    const effect = decides ?? (id === "mod_sftp" ? "SFTP is SSH, and no FTP." : "No connection depends on it.");
    return [
      {
        line: first.index + 1,
        severity: decides === null ? "note" : "warning",
        text: `The lab has no ${id}, and leaves out this line${more}. ${effect}`,
        remedy: decides === null ? "Nothing is to do." : "Keep that in mind with what the lab says.",
      },
    ];
  });
}

function lintTls(lines: readonly Line[], text: string, given: readonly string[]): readonly ConfigurationFinding[] {
  const found: ConfigurationFinding[] = [];
  const named = (name: string): Line | undefined => lines.find((one) => one.name === name);
  const first = lines.find(({ name }) =>
    /^tls(engine|required|options|protocol|(rsa|ec|dsa)certificatefile)$/.test(name),
  );
  if (first === undefined) return [];
  // What a file that is not here says is not known.
  const isWhole = named("include") === undefined;
  const off = text.split("\n").findIndex((line) => /^\s*#\s*LoadModule\s+mod_tls\.c/i.test(line));
  const loads = lines.filter(({ name }) => name === "loadmodule");
  if (knowsModules(lines, given) && !loads.some(({ words }) => words[0] === "mod_tls.c")) {
    found.push({
      line: off >= 0 ? off + 1 : first.line,
      other: first.line,
      severity: "warning",
      text: first.context.includes("<ifmodule")
        ? `mod_tls is not loaded: unless it is compiled in, <IfModule mod_tls.c> is passed over, and there is no TLS.`
        : "mod_tls is not loaded: unless it is compiled in, ProFTPD does not know the directive of {other} and does not start.",
      remedy: "Write LoadModule mod_tls.c before it; Debian has it in the package proftpd-mod-crypto.",
    });
  }
  const engine = named("tlsengine");
  if (engine === undefined || !/^(on|yes|true|1)$/i.test(engine.words[0] ?? "")) {
    const at = engine ?? first;
    found.push({
      line: at.line,
      severity: "warning",
      text: "TLSEngine is not on, which is its default: AUTH TLS is not offered, whatever else is set.",
      remedy: "Write TLSEngine on.",
    });
    return found;
  }
  if (isWhole && !lines.some(({ name }) => /^tls((rsa|dsa|ec)certificatefile|pkcs12file)$/.test(name))) {
    found.push({
      line: engine.line,
      severity: "error",
      text: "No certificate is named: AUTH TLS gets 431 Necessary security resource unavailable.",
      remedy: "Name it in TLSRSACertificateFile and its key in TLSRSACertificateKeyFile.",
    });
  }
  const required = named("tlsrequired");
  if (required !== undefined && /^(on|both|ctrl|control|ctrl\+!?data)$/i.test(required.words[0] ?? "")) {
    found.push({
      line: required.line,
      severity: "note",
      text: `TLSRequired ${required.words[0] ?? ""} wants the control channel protected: CCC is refused with 534.`,
      remedy: "Whoever wants CCC for a NAT helper writes TLSRequired auth+data.",
    });
  }
  const options = lines.filter(({ name }) => name === "tlsoptions");
  if (!options.some(({ words }) => words.some((word) => /^NoSessionReuseRequired$/i.test(word)))) {
    found.push({
      line: options[0]?.line ?? engine.line,
      severity: "note",
      text: "Data connections have to resume the TLS session of the control connection, which some clients do not: they get 425.",
      remedy: "If such clients have to be served, write TLSOptions NoSessionReuseRequired.",
    });
  }
  return found;
}
