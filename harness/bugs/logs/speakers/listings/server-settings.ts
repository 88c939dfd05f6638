import { lineByLine, nothingSaid, type SpeakerForm } from "../speaker-form";

function settings(id: string, title: string, software: string | null, form: RegExp): SpeakerForm {
  return lineByLine({
    id,
    title,
    by: "listing",
    software,
    read: (text) => {
      const line = text.trim();
      // A setting that is commented out says nothing.
      if (!form.test(line.replace(/^# ?/, ""))) return null;
      return line.startsWith("#") ? nothingSaid : { said: [{ direction: "*", text: line }] };
    },
  });
}

/** Settings that decide about data connections, TLS, logins and limits (vsftpd.conf(5)). */
export const vsftpdSettings = settings(
  "vsftpd-conf",
  "vsftpd's settings",
  "vsftpd",
  /^(?:pasv_\w+|port_(?:enable|promiscuous)|connect_from_port_20|ssl_\w+|require_ssl_reuse|strict_ssl_\w+|implicit_ssl|force_(?:local|anon)_(?:data|logins)_ssl|allow_writeable_chroot|chroot_local_user|isolate(?:_network)?|seccomp_sandbox|write_enable|cmds_(?:allowed|denied)|max_(?:clients|per_ip)|tcp_wrappers|listen_(?:ipv6|port|address)|(?:data_connection|accept|connect|idle_session)_timeout)=\S/,
);

/** Directives of the same kind (ProFTPD's modules). */
export const proftpdSettings = settings(
  "proftpd-conf",
  "ProFTPD's settings",
  "proftpd",
  /^(?:PassivePorts|MasqueradeAddress|TLS(?:Engine|Required|Options|Protocol|RSACertificateFile|RenegotiationTimeout\w*|Renegotiate)|AllowForeignAddress|MaxInstances|MaxClients\w*|MaxHostsPerUser|TimeoutStalled|TimeoutNoTransfer|TimeoutIdle|SocketBindTight|RootRevoke|UseIPv6|DefaultAddress)\s+\S/,
);

/** The same of Pure-FTPd (pure-ftpd.conf). */
export const pureFtpdSettings = settings(
  "pure-ftpd-conf",
  "Pure-FTPd's settings",
  "pure-ftpd",
  /^(?:PassivePortRange|ForcePassiveIP|TrustedIP|TLSCipherSuite|CertFile|MaxClientsPerIP|MaxClientsNumber|BrokenClientsCompatibility|IPV4Only|IPV6Only)\s+\S/,
);

/** Settings as containers take them from their environment. */
export const containerSettings = settings(
  "container-settings",
  "a container's settings",
  null,
  /^(?:- |-e |--env )?"?(?:PASV_\w+|PASSIVE_(?:PORTS?|MIN_PORT|MAX_PORT|IP|ADDRESS)|PUBLICHOST|FTP_PASSIVE_PORTS|MASQUERADE_ADDRESS|PASV_ADDRESS)\s?[=:] ?\S/,
);
