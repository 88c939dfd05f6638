import type { UserFiles } from "./definition";

const option =
  /^(listen|listen_ipv6|listen_port|anonymous_enable|local_enable|write_enable|pasv_\w+|ssl_\w+|rsa_cert_file|chroot_local_user|connect_from_port_20|xferlog_enable|port_enable|port_promiscuous|require_ssl_reuse|implicit_ssl|force_local_\w+|local_umask|dirmessage_enable|use_localtime|allow_writeable_chroot|secure_chroot_dir|pam_service_name|userlist_\w+|tcp_wrappers)\s*=/m;

export const vsftpdFiles: UserFiles = {
  name: "vsftpd.conf",
  isConfiguration: (text) => option.test(text),
  line: /=/,
  // The second kind are well-known images whose names name no server, and that have vsftpd.
  images: /vsftpd|^(?!.*(?:pro|pure-?)ftpd).*(?:alpine-ftp|docker-ftp|ftps?-server)/i,
};
