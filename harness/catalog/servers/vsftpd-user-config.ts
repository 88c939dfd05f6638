/** A user's own vsftpd.conf. */
import { parseAddress } from "../../net/address";
import type { ServerProfile, ServerTls, TakenOver } from "../../model/server-profile";
import { announcedAddress } from "./announced-address";
import type { Cell } from "../../model/cell";
import { clashOf, listeningAt } from "./configured-network";
import type { ConfiguredPorts, UserConfigSupport, ServerSetup } from "./definition";
import { lintVsftpd } from "./lint/vsftpd";
import type { PortRange } from "../../model/topology";
import { patchedName } from "./vsftpd-names";

/** Settings that only the lab can know. */
const taken =
  /^(listen|listen_ipv6|listen_address|listen_address6|background|run_as_launching_user|max_clients|max_per_ip|pam_service_name|chroot_local_user|allow_writeable_chroot|local_enable|userlist_enable|tcp_wrappers|rsa_cert_file|rsa_private_key_file|dsa_cert_file|dsa_private_key_file|xferlog_enable|xferlog_std_format|log_ftp_protocol|no_log_lock|vsftpd_log_file|xferlog_file|dual_log_enable|syslog_enable|isolate|isolate_network|debug_ssl|local_root|user_config_dir|secure_chroot_dir|nopriv_user|ftp_username|guest_enable|guest_username|pasv_addr_resolve)$/;

/** The settings of a text by Debian's name, the last one of each; vsftpd takes no blanks about the sign (vsftpd.conf(5)). */
export function settingsIn(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").flatMap((line) => {
      const setting = settingOf(line);
      if (setting === null) return [];
      const patched = patchedName(setting.name);
      return [[patched?.kind === "renamed" ? patched.to : setting.name, setting.value] as const];
    }),
  );
}

/** Blanks before the name are passed over (parseconf.c, vsf_parseconf_load_setting). */
function settingOf(line: string): { readonly name: string; readonly value: string } | null {
  const [, name, value] = /^\s*([a-z0-9_]+)=(.*?)\s*$/.exec(line) ?? [];
  return name === undefined || value === undefined ? null : { name, value };
}

/** Without a value in the file, vsftpd's own (tunables.c). */
export function isOn(settings: ReadonlyMap<string, string>, name: string, byDefault: boolean): boolean {
  const value = settings.get(name);
  return value === undefined ? byDefault : /^(yes|true|1)$/i.test(value);
}

function tlsIn(settings: ReadonlyMap<string, string>): ServerTls | null {
  if (!isOn(settings, "ssl_enable", false)) return null;
  const [login, data] = [isOn(settings, "force_local_logins_ssl", true), isOn(settings, "force_local_data_ssl", true)];
  // vsftpd 3.0.5 of Debian 13: TLS 1.2 and 1.3 unless they are switched off.
  const versions = [
    ...(isOn(settings, "ssl_tlsv12", true) ? ["TLSv1.2"] : []),
    ...(isOn(settings, "ssl_tlsv13", true) ? ["TLSv1.3"] : []),
  ];
  return {
    protocol: versions.join(" "),
    options: isOn(settings, "require_ssl_reuse", true) ? [] : ["NoSessionReuseRequired"],
    verifyClient: "off",
    required: login && data ? "on" : login ? "auth" : data ? "data" : "off",
  };
}

/** A number as vsftpd reads it: one that begins with 0 is octal (parseconf.c); `NaN` for what is none. */
function numberIn(settings: ReadonlyMap<string, string>, name: string, byDefault: number): number {
  const value = settings.get(name);
  if (value === undefined) return byDefault;
  return /^\d+$/.test(value) ? Number.parseInt(value, value.startsWith("0") ? 8 : 10) : Number.NaN;
}

/** The ports that it takes: an end that does not fit is passed over (privops.c, vsf_privop_pasv_listen). */
function passiveRangeIn(settings: ReadonlyMap<string, string>): PortRange {
  const [least, most] = [numberIn(settings, "pasv_min_port", 0), numberIn(settings, "pasv_max_port", 0)];
  const first = least > 1024 && least <= 65_535 ? least : 1024;
  return { first, last: most >= first && most < 65_535 ? most : 65_535 };
}

/** Where its one process listens. The passive range is told where both of its ends count. */
export function vsftpdPorts(text: string): ConfiguredPorts {
  const settings = settingsIn(text);
  const port = numberIn(settings, "listen_port", 21);
  const range = passiveRangeIn(settings);
  const isRange = [range.first, range.last].every((end, index) => {
    return end === numberIn(settings, index === 0 ? "pasv_min_port" : "pasv_max_port", 0);
  });
  const isImplicit = isOn(settings, "implicit_ssl", false) && isOn(settings, "ssl_enable", false);
  return {
    control: isImplicit ? null : port,
    implicit: isImplicit ? port : null,
    passive: isRange ? range : null,
  };
}

/** Why the lab cannot run a file, as a clause; `null` if it can. */
function lackOf(text: string): string | null {
  const written = settingsIn(text).get("listen_port");
  const port = numberIn(settingsIn(text), "listen_port", 21);
  return port >= 1 && port <= 65_535 ? clashOf(vsftpdPorts(text)) : `listen_port=${written ?? ""} is no port`;
}

/** The address of `pasv_address` in the lab; `null` if there is none, and one that vsftpd refuses as it is. */
function announcedBy(settings: ReadonlyMap<string, string>, dial: string, isOfNetwork?: true): string | null {
  const own = settings.get("pasv_address") ?? "";
  return own === "" ? null : announcedAddress(own, dial, isOn(settings, "pasv_addr_resolve", false), isOfNetwork);
}

/** Whether PASV gets `500 OOPS: invalid pasv_address` (postlogin.c, handle_pasv). */
function hasBrokenAddress(text: string): boolean {
  const announced = announcedBy(settingsIn(text), "192.0.2.1");
  return announced !== null && parseAddress(announced)?.family !== "ipv4";
}

/** Whether TLS is asked for without a certificate: vsftpd ends before it listens (main.c, ssl_init). */
function lacksCertificate(text: string): boolean {
  const settings = settingsIn(text);
  const named = ["rsa_cert_file", "dsa_cert_file"].some((name) => (settings.get(name) ?? "") !== "");
  return isOn(settings, "ssl_enable", false) && !named;
}

/** What of a file decides, and the prediction does not know; `null` for nothing. */
export function vsftpdUndecided({ userConfig }: ServerProfile, { data }: Cell): string | null {
  const text = userConfig?.text ?? "";
  if (lacksCertificate(text)) return "its configuration asks for TLS and names no certificate, so it does not start";
  return data === "pasv" && hasBrokenAddress(text) ? "its pasv_address is no address" : null;
}

function effective(premises: { readonly topology: ServerSetup["topology"]; readonly server: ServerProfile }) {
  const { server: profile } = premises;
  const text = profile.userConfig?.text ?? "";
  const settings = settingsIn(text);
  const ports = vsftpdPorts(text);
  const topology = listeningAt(premises.topology, ports);
  const passivePorts = passiveRangeIn(settings);
  const masqueradeAddress = hasBrokenAddress(text)
    ? null
    : announcedBy(settings, topology.dial, profile.userConfig?.isOfNetwork);
  const nodes = topology.nodes.map((node) =>
    node.kind === "server" ? { ...node, passivePorts, masqueradeAddress } : node,
  );
  return { topology: { ...topology, nodes }, server: { ...profile, tls: tlsIn(settings) } };
}

/**
 * How the lab takes a vsftpd.conf: the user's lines in their places, then the lab's, of which the last counts.
 * @param ofLab lines of the lab for a set-up, TLS or not
 * @param path where the file lies on the server
 */
export function vsftpdUserConfig(
  ofLab: (setup: ServerSetup, hasTls: boolean) => readonly string[],
  path: string,
): UserConfigSupport {
  return {
    effective,
    hint: "vsftpd wants NAME=VALUE without spaces around the equals sign; see vsftpd.conf(5).",
    lint: lintVsftpd,
    ports: vsftpdPorts,
    lacks: lackOf,
    compose: (setup) => {
      const changed: TakenOver[] = [];
      const own = setup.profile.userConfig?.text ?? "";
      const settings = settingsIn(own);
      const lines = own.split("\n").map((line, index) => {
        const { name = "", value = "" } = settingOf(line) ?? {};
        const address =
          name === "pasv_address"
            ? announcedBy(
                new Map([...settings, [name, value]]),
                setup.topology.dial,
                setup.profile.userConfig?.isOfNetwork,
              )
            : null;
        const patched = patchedName(name);
        if (patched !== null) {
          const isRenamed = patched.kind === "renamed";
          changed.push({ line: index + 1, text: line.trim(), kind: isRenamed ? "replaced" : "unknown" });
          return isRenamed ? `${patched.to}=${value}` : `# not known to the lab's vsftpd: ${line}`;
        }
        const isAddress = address !== null && value !== address;
        if (!isAddress && !taken.test(name)) return line;
        changed.push({ line: index + 1, text: line.trim(), kind: "replaced" });
        return isAddress ? `pasv_address=${address}` : `# taken over by the lab: ${line}`;
      });
      const hasTls = tlsIn(settings) !== null && !lacksCertificate(own);
      const after = ["# What the lab has to own.", ...ofLab(setup, hasTls), ""];
      return { text: [...lines, ...after].join("\n"), linesBefore: 0, changed };
    },
    // Told to be an inetd's, it reads its file and then says that it is not, to its standard input.
    check: [`vsftpd ${path} -olisten=NO -olisten_ipv6=NO 0>&1`],
    complaint: (output, _, own) => {
      const message = /OOPS: (.*)/.exec(output)?.[1]?.trim();
      if (message === undefined || message.includes("must be started from inetd")) return null;
      const name = /: ([a-z0-9_]+)$/i.exec(message)?.[1];
      const index = own.split("\n").findIndex((line) => name !== undefined && line.startsWith(name));
      return { message, line: index < 0 ? null : index + 1 };
    },
  };
}
