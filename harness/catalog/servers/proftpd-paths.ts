/** Where ProFTPD keeps what the harness writes and reads. */
export const proftpdPaths = {
  config: "/etc/proftpd/lab.conf",
  passwords: "/etc/proftpd/lab.passwd",
  certificate: "/etc/proftpd/lab-certificate.pem",
  privateKey: "/etc/proftpd/lab-key.pem",
  pidFile: "/run/proftpd-lab.pid",
  scoreboard: "/run/proftpd-lab.score",
  systemLog: "/var/log/proftpd/system.log",
  tlsLog: "/var/log/proftpd/tls.log",
  transferLog: "/var/log/proftpd/transfer.log",
  dialogueLog: "/var/log/proftpd/dialogue.log",
} as const;
