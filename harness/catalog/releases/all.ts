// Written by `npm run generate`, which keeps this order and puts what is new at the end.
import type { DebianRelease } from "./definition";
import { bullseye } from "./bullseye";
import { bookworm } from "./bookworm";
import { trixie } from "./trixie";
import { trixieBackports } from "./trixie-backports";
import { forky } from "./forky";
import { sid } from "./sid";

/** Every release of Debian, in the order in which they are listed. */
export const debianReleases: readonly DebianRelease[] = [bullseye, bookworm, trixie, trixieBackports, forky, sid];
