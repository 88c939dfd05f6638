import type { DebianRelease } from "./definition";

/** Debian unstable (sid). */
export const sid: DebianRelease = {
  id: "sid",
  title: "Debian unstable",
  base: "debian:sid-slim",
  isMoving: true,
  versions: {
    curl: "8.23.0",
    lftp: "4.9.3",
    wget: "1.25.0",
    tnftp: "20260211",
    ncftp: "3.2.7",
    "php-cli": "8.4",
    python3: "3.14.8",
    "proftpd-core": "1.3.9e",
    vsftpd: "3.0.5",
    "pure-ftpd": "1.0.50",
  },
};
