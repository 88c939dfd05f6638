import { parseAddress } from "../../../net/address";
import { nearest } from "../../../text/nearest";
import { announcedFinding } from "./announced";
import { inOrder, type ConfigurationFinding } from "./finding";
import { patchedName, whoPatched, type PatchedName } from "../vsftpd-names";
import { vsftpdSettings } from "./vsftpd-settings";

const names = (list: string): readonly string[] => list.split(" ");
const switches = new Set(names(vsftpdSettings.switches));
const numbers = new Set(names(vsftpdSettings.numbers));
const texts = new Set(names(vsftpdSettings.texts));
const all = [...switches, ...numbers, ...texts];

type Setting = { readonly name: string; readonly value: string; readonly line: number };

/** What a `vsftpd.conf` says that vsftpd 3.0.5 refuses, or that does not do what it looks like. */
export function lintVsftpd(text: string): readonly ConfigurationFinding[] {
  const lines = text.split("\n").map((raw, index) => ({ raw, line: index + 1 }));
  // It passes over blank lines and those that begin with `#` at once (vsf_parseconf_load_file).
  const written = lines.filter(({ raw }) => raw.trim() !== "" && !raw.startsWith("#"));
  const settings = new Map(
    written.map(({ raw, line }): [string, Setting] => {
      const [, name = "", value = ""] = /^\s*([^=]*)=?(.*)$/s.exec(raw) ?? [];
      const patched = patchedName(name);
      const known = patched?.kind === "renamed" ? patched.to : name;
      return [known, { name: known, value, line }];
    }),
  );
  return inOrder([
    ...written.flatMap(({ raw, line }) => lintForm(raw, line)),
    ...lintRange(settings),
    ...lintAddress(settings),
    ...lintTogether(settings),
  ]);
}

/** parseconf.c, vsf_parseconf_load_setting: NAME=VALUE, and nothing is trimmed but blanks at the beginning. */
function lintForm(raw: string, line: number): readonly ConfigurationFinding[] {
  const refused = (text: string, remedy: string): readonly ConfigurationFinding[] => refusedAt(line, text, remedy);
  const trimmed = raw.trimStart();
  if (trimmed.startsWith("#"))
    return refused("a comment that does not begin its line is no comment", "Remove the blanks before #.");
  const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(trimmed) ?? [];
  const bare = name.trim();
  if (bare !== name && all.includes(bare))
    return refused(`there is a blank before the equals sign of ${bare}`, `Write ${bare}=${value.trim()}.`);
  if (value === "" && !texts.has(name)) return refused(`${name} has no value`, "Write NAME=VALUE, or remove the line.");
  const patched = patchedName(name);
  if (patched !== null) return [lintPatched(name, patched, line), ...lintValue({ name, value, line }, patched)];
  if (!all.includes(name)) {
    const meant = nearest(bare, all);
    return refused(
      `version 3.0.5 does not know the setting ${bare}`,
      meant === null ? "Remove the line." : `Did you mean ${meant}?`,
    );
  }
  return lintValue({ name, value, line }, null);
}

function refusedAt(line: number, text: string, remedy: string): readonly ConfigurationFinding[] {
  return [{ line, severity: "error", text: `vsftpd does not start: ${text}.`, remedy }];
}

/** A setting that only other distributions' vsftpd knows: there it starts, and here it does not. */
function lintPatched(name: string, patched: PatchedName, line: number): ConfigurationFinding {
  const knows = `${whoPatched(patched)} have patched their vsftpd to know ${name}; that of Debian and Ubuntu does not start with it`;
  const isRenamed = patched.kind === "renamed";
  const instead = isRenamed
    ? `sets ${patched.to}, which is the same`
    : "leaves it out, and no connection depends on it";
  return {
    line,
    severity: "warning",
    text: `${knows}. The lab ${instead}.`,
    remedy: isRenamed
      ? `On Debian and Ubuntu write ${patched.to}; elsewhere nothing is to do.`
      : "On Debian and Ubuntu remove the line; elsewhere nothing is to do.",
  };
}

function lintValue({ name, value, line }: Setting, patched: PatchedName | null): readonly ConfigurationFinding[] {
  if ((switches.has(name) || patched?.kind === "renamed") && !/^(yes|true|1|no|false|0)$/i.test(value)) {
    const clean = value.trim();
    return /^(yes|true|1|no|false|0)$/i.test(clean)
      ? refusedAt(line, `there is a blank beside the value of ${name}`, `Write ${name}=${clean} and nothing behind it.`)
      : refusedAt(line, `${name}=${clean} is neither YES nor NO`, `Write ${name}=YES or ${name}=NO.`);
  }
  if (numbers.has(name)) return lintNumber({ name, value, line });
  if (texts.has(name) && /^["'].*["']\s*$/.test(value) && name !== "ftpd_banner") {
    const inner = value.trim().slice(1, -1);
    const text = `vsftpd takes the quotes of ${name} for a part of the value${name === "pasv_address" ? ", and answers PASV with 500 OOPS: invalid pasv_address" : ""}.`;
    return [{ line, severity: "error", text, remedy: `Write ${name}=${inner}.` }];
  }
  return [];
}

function lintNumber({ name, value, line }: Setting): readonly ConfigurationFinding[] {
  if (!/^\s*\d+\s*$/.test(value)) {
    const text = `${name}=${value.trim()} is no number; vsftpd reads it as another one or as 0.`;
    return [{ line, severity: "error", text, remedy: "Write digits alone." }];
  }
  // A leading 0 is octal on purpose in masks and modes.
  if (!/^0\d/.test(value) || !name.endsWith("port")) return [];
  const text = `${name}=${value.trim()} is read as an octal number, since it begins with 0.`;
  return [{ line, severity: "error", text, remedy: `Write ${name}=${String(Number(value))}.` }];
}

/** privops.c, vsf_privop_pasv_listen: an end that does not fit is passed over, and the range is open on that side. */
function lintRange(settings: ReadonlyMap<string, Setting>): readonly ConfigurationFinding[] {
  const [least, most] = [settings.get("pasv_min_port"), settings.get("pasv_max_port")];
  const number = (setting: Setting | undefined): number => Number(setting?.value ?? 0);
  const found: ConfigurationFinding[] = [];
  const add = (setting: Setting, severity: "error" | "warning", text: string, remedy: string): void => {
    found.push({ line: setting.line, severity, text, remedy });
  };
  const [first, last] = [number(least), number(most)];
  if (Number.isNaN(first) || Number.isNaN(last)) return [];
  if (least !== undefined && first !== 0 && (first < 1024 || first > 65_535))
    add(
      least,
      "error",
      `vsftpd passes over pasv_min_port=${first}: passive ports begin at 1024.`,
      "Take a port from 1024 to 65535.",
    );
  if (least !== undefined && most !== undefined && first !== 0 && last !== 0 && first > last) {
    const text = `The range is upside down: vsftpd passes over pasv_max_port=${last} and takes ports from ${first} to 65535.`;
    add(most, "error", text, `Write pasv_min_port=${last} and pasv_max_port=${first}.`);
  } else if (most !== undefined && last > 65_535) {
    add(most, "error", `vsftpd passes over pasv_max_port=${last}: there is no such port.`, "Take a port up to 65535.");
  } else if (least !== undefined && most !== undefined && first === last && first !== 0) {
    const text = "There is one passive port: a second transfer at the same time gets 500 OOPS: vsf_sysutil_bind.";
    add(most, "warning", text, "Take as many ports as there are transfers at once.");
  }
  if (least !== undefined && most === undefined && first > 1024)
    add(least, "warning", `Without pasv_max_port passive ports go up to 65535.`, "Set both, and forward that range.");
  if (most !== undefined && least === undefined && last > 1024)
    add(most, "warning", `Without pasv_min_port passive ports begin at 1024.`, "Set both, and forward that range.");
  const port = settings.get("listen_port");
  const listens = Number(port?.value ?? 21);
  if (least !== undefined && most !== undefined && first <= listens && listens <= last)
    add(least, "warning", `The control port ${listens} lies in the passive range.`, "Take a range without it.");
  return found;
}

/** postlogin.c, handle_pasv; main.c, resolve_pasv. */
function lintAddress(settings: ReadonlyMap<string, Setting>): readonly ConfigurationFinding[] {
  const announced = settings.get("pasv_address");
  const address = announced?.value.trim() ?? "";
  if (announced === undefined || address === "" || /^["']/.test(address)) return [];
  const { line } = announced;
  const found = announcedFinding("pasv_address", address, line);
  if (found !== null) return [found];
  const resolves = /^(yes|true|1)$/i.test(settings.get("pasv_addr_resolve")?.value ?? "");
  if (parseAddress(address) !== null) {
    return [];
  }
  if (!resolves) {
    const text = `vsftpd does not look the name ${address} up unless pasv_addr_resolve is YES: PASV gets 500 OOPS: invalid pasv_address.`;
    return [{ line, severity: "error", text, remedy: "Name the address, or write pasv_addr_resolve=YES." }];
  }
  const text = `vsftpd looks the name ${address} up when it starts, and announces that address until it starts again.`;
  return [{ line, severity: "note", text, remedy: "Restart it when the address changes." }];
}

function lintTogether(settings: ReadonlyMap<string, Setting>): readonly ConfigurationFinding[] {
  const found: ConfigurationFinding[] = [];
  const is = (name: string, byDefault: boolean): boolean => {
    const value = settings.get(name)?.value;
    return value === undefined ? byDefault : /^(yes|true|1)$/i.test(value);
  };
  const at = (name: string): number => settings.get(name)?.line ?? 1;
  const add = (name: string, severity: ConfigurationFinding["severity"], text: string, remedy: string): void => {
    found.push({ line: at(name), severity, text, remedy });
  };
  // standalone.c, vsf_standalone_main
  if (is("listen", false) && is("listen_ipv6", false))
    add(
      "listen_ipv6",
      "error",
      "vsftpd does not start with listen and listen_ipv6 both: run two copies of vsftpd for IPv4 and IPv6.",
      "Keep listen_ipv6=YES with listen=NO: it takes IPv4 too.",
    );
  if (is("ssl_enable", false)) {
    // tunables.c: /usr/share/ssl/certs/vsftpd.pem, which no distribution ships; main.c reads it before it listens.
    if ((settings.get("rsa_cert_file")?.value ?? "") === "" && (settings.get("dsa_cert_file")?.value ?? "") === "")
      add(
        "ssl_enable",
        "error",
        "vsftpd does not start: ssl_enable without rsa_cert_file ends with 500 OOPS: SSL: cannot load RSA certificate.",
        "Name the certificate in rsa_cert_file and its key in rsa_private_key_file.",
      );
    if (is("require_ssl_reuse", true))
      add(
        settings.has("require_ssl_reuse") ? "require_ssl_reuse" : "ssl_enable",
        "note",
        "Data connections have to resume the TLS session of the control connection, which some clients do not: they get 522.",
        "If such clients have to be served, write require_ssl_reuse=NO.",
      );
    if (is("implicit_ssl", false) && (settings.get("listen_port")?.value ?? "21").trim() === "21")
      add(
        "implicit_ssl",
        "warning",
        "implicit_ssl does not change the port: TLS begins at once on port 21, where clients ask for it with AUTH.",
        "Write listen_port=990.",
      );
  } else if (is("implicit_ssl", false)) {
    add("implicit_ssl", "warning", "implicit_ssl has no effect without ssl_enable=YES.", "Write ssl_enable=YES too.");
  }
  // main.c, do_sanity_checks; anonymous_enable is on by itself.
  if (!is("anonymous_enable", true) && !is("local_enable", false))
    add(
      "anonymous_enable",
      "error",
      "Nobody may log in: every session ends with 500 OOPS: vsftpd: both local and anonymous access disabled!",
      "Write local_enable=YES.",
    );
  // secutil.c, vsf_secutil_change_credentials
  if (is("chroot_local_user", false) && is("local_enable", false) && !is("allow_writeable_chroot", false))
    add(
      "chroot_local_user",
      "note",
      "A login ends with 500 OOPS if the user may write to the folder that becomes the root.",
      "Take that right away, or write allow_writeable_chroot=YES.",
    );
  if (!is("pasv_enable", true))
    add(
      "pasv_enable",
      "warning",
      "PASV and EPSV are refused: clients behind NAT cannot transfer anything.",
      "Write pasv_enable=YES.",
    );
  return found;
}
