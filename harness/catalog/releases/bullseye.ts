import type { DebianRelease } from "./definition";

/** Debian 11. */
export const bullseye: DebianRelease = {
  id: "bullseye",
  title: "Debian 11",
  base: "debian:bullseye-slim",
  versions: {
    curl: "7.74.0",
    lftp: "4.8.4",
    wget: "1.21",
    tnftp: "20200705",
    ncftp: "3.2.5",
    "php-cli": "7.4",
    "proftpd-core": "1.3.7a",
    vsftpd: "3.0.3",
    "pure-ftpd": "1.0.49",
  },
};
