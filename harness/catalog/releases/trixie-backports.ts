import type { DebianRelease } from "./definition";

/** Debian 13 with backports. */
export const trixieBackports: DebianRelease = {
  id: "trixie-backports",
  title: "Debian 13 with backports",
  base: "debian:trixie-slim",
  suite: "trixie-backports",
  isMoving: true,
  versions: {
    curl: "8.21.0",
  },
};
