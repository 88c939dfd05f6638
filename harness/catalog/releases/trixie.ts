import type { DebianRelease } from "./definition";

/** Debian 13, the release of the core matrix. */
export const trixie: DebianRelease = {
  id: "trixie",
  title: "Debian 13",
  base: "debian:trixie-slim",
  versions: {
    curl: "8.14.1",
    lftp: "4.9.2",
    wget: "1.25.0",
    tnftp: "20230507",
    ncftp: "3.2.7",
    "php-cli": "8.4",
    python3: "3.13.5",
    "proftpd-core": "1.3.8c",
    vsftpd: "3.0.5",
    "pure-ftpd": "1.0.50",
  },
};
