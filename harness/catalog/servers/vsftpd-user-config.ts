/** A user's own vsftpd.conf. */
import type { ServerProfile, ServerTls } from "../../model/server-profile";
import { announcedAddress } from "./announced-address";
import { clashOf, listeningAt } from "./configured-network";
import type { ConfiguredPorts, UserConfigSupport, ServerSetup } from "./definition";
import { lintVsftpd } from "./lint/vsftpd";
import { portRange } from "./port-range";

/** Settings that only the lab can know. */
const taken =
  /^(listen|listen_ipv6|listen_address|listen_address6|background|run_as_launching_user|max_clients|max_per_ip|pam_service_name|chroot_local_user|allow_writeable_chroot|local_enable|userlist_enable|tcp_wrappers|rsa_cert_file|rsa_private_key_file|dsa_cert_file|dsa_private_key_file|xferlog_enable|xferlog_std_format|log_ftp_protocol|no_log_lock|vsftpd_log_file|xferlog_file|dual_log_enable|syslog_enable|isolate|isolate_network|debug_ssl|local_root|user_config_dir|secure_chroot_dir|nopriv_user|ftp_username|guest_enable|guest_username|pasv_addr_resolve)$/;

/** The settings of a text by name, the last one of each; vsftpd takes no blanks about the sign (vsftpd.conf(5)). */
export function settingsIn(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").flatMap((line) => {
      const [, name, value] = /^([a-z0-9_]+)=(.*?)\s*$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
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

/** Ports that it listens on where no range is set (ftppolicy: any that are not for servers). */
const anyPassivePort = { first: 1024, last: 65_535 };

/** Where its one process listens. */
export function vsftpdPorts(text: string): ConfiguredPorts {
  const settings = settingsIn(text);
  const written = settings.get("listen_port") ?? "";
  const port = /^\d{1,5}$/.test(written) ? Number(written) : 21;
  const isImplicit = isOn(settings, "implicit_ssl", false) && isOn(settings, "ssl_enable", false);
  return {
    control: isImplicit ? null : port,
    implicit: isImplicit ? port : null,
    passive: portRange(settings.get("pasv_min_port"), settings.get("pasv_max_port")),
  };
}

function effective(premises: { readonly topology: ServerSetup["topology"]; readonly server: ServerProfile }) {
  const { server: profile } = premises;
  const text = profile.userConfig?.text ?? "";
  const settings = settingsIn(text);
  const ports = vsftpdPorts(text);
  const topology = listeningAt(premises.topology, ports);
  const passivePorts = ports.passive ?? anyPassivePort;
  const announced = settings.get("pasv_address");
  const masqueradeAddress = announced === undefined ? null : announcedAddress(announced, topology.dial);
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
    lacks: (text) => clashOf(vsftpdPorts(text)),
    compose: (setup) => {
      const changed: { line: number; text: string }[] = [];
      const own = setup.profile.userConfig?.text ?? "";
      const lines = own.split("\n").map((line, index) => {
        const [, name = "", value = ""] = /^([a-z0-9_]+)=(.*?)\s*$/.exec(line) ?? [];
        const address = announcedAddress(value, setup.topology.dial);
        const isAddress = name === "pasv_address" && value !== address;
        if (!isAddress && !taken.test(name)) return line;
        changed.push({ line: index + 1, text: line.trim() });
        return isAddress ? `pasv_address=${address}` : `# taken over by the lab: ${line}`;
      });
      const after = ["# What the lab has to own.", ...ofLab(setup, tlsIn(settingsIn(own)) !== null), ""];
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
