import type { DebianRelease } from "./definition";

/** Debian testing (forky). It has no Pure-FTPd. */
export const forky: DebianRelease = {
  id: "forky",
  title: "Debian testing",
  base: "debian:forky-slim",
  isMoving: true,
  versions: {
    curl: "8.22.0",
    lftp: "4.9.3",
    wget: "1.25.0",
    tnftp: "20260211",
    ncftp: "3.2.7",
    "php-cli": "8.4",
    python3: "3.14.7",
    "proftpd-core": "1.3.9d",
    vsftpd: "3.0.5",
  },
};
