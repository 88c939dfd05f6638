/** Lines that a server refuses to start with, each with what the lint says of it: the same for the real servers in a lab. */
export const refusedByProftpd: readonly (readonly [string, number, RegExp])[] = [
  ["PassivePorts 60000 50000", 1, /upside down\. Write PassivePorts 50000 60000/],
  ["Umask 022\nPassivePorts 50000 50000", 2, /one passive port alone/],
  ["PassivePorts 100 200", 1, /below 1024/],
  ["PassivePorts 50000-51000", 1, /not two ports/],
  ["PassivePorts 50000 70000", 1, /no port/],
  ["TLSOptions NoCertRequest", 1, /TLSOption NoCertRequest/],
];

export const refusedByVsftpd: readonly (readonly [string, number, RegExp])[] = [
  ["write_enable=YES ", 1, /blank beside the value/],
  ["write_enable=YES\r", 1, /blank beside the value/],
  ["anonymous_enable=YES\nwrite_enable = YES", 2, /blank before the equals sign/],
  ["  # a comment", 1, /no comment/],
  ["pasv_min_port=", 1, /no value/],
  ["allow_writable_chroot=YES", 1, /Did you mean allow_writeable_chroot/],
  ["write_enable=on", 1, /neither YES nor NO/],
  ["foo", 1, /no value/],
];

/** Lines that only the vsftpd of other distributions takes, so that the lab does not hand them on as they are. */
export const patchedVsftpd: readonly (readonly [string, number, RegExp])[] = [
  ["ssl_tlsv1_2=YES", 1, /Red Hat, Fedora and SUSE .*The lab sets ssl_tlsv12/],
  ["write_enable=YES\nreverse_lookup_enable=NO", 2, /Red Hat and Fedora .*The lab leaves it out/],
  ["wc_logs_enable=YES", 1, /The lab leaves it out/],
];

/** Lines that they take, and of which nothing is said. */
export const takenByProftpd =
  'Umask 022\nPassivePorts "50000" "51000" # of the router\nMasqueradeAddress 203.0.113.1\n<Global>\nAllowOverwrite on\n</Global>';
export const takenByVsftpd =
  '# a comment\n\n  write_enable=yes\nlocal_enable=1\npasv_min_port=50000 \npasv_max_port=51000\npasv_address=203.0.113.1\nlisten_ipv6=YES\nlisten=NO\nftpd_banner="Hello"';
