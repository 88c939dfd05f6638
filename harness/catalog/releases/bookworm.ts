import type { DebianRelease } from "./definition";

/** Debian 12. */
export const bookworm: DebianRelease = {
  id: "bookworm",
  title: "Debian 12",
  base: "debian:bookworm-slim",
  versions: {
    curl: "7.88.1",
    lftp: "4.9.2",
    wget: "1.21.3",
    tnftp: "20210827",
    ncftp: "3.2.6",
    "php-cli": "8.2",
    python3: "3.11.2",
    "proftpd-core": "1.3.8",
    vsftpd: "3.0.3",
    "pure-ftpd": "1.0.50",
  },
};
