// Written by `npm run generate`, which keeps this order and puts what is new at the end.
import type { ClientDefinition } from "./definition";
import { basicFtp } from "./basic-ftp";
import { basicFtp5 } from "./basic-ftp-5";
import { basicFtp4 } from "./basic-ftp-4";
import { curl } from "./curl";
import { curl788 } from "./curl-7-88";
import { lftp } from "./lftp";
import { ftplib } from "./ftplib";
import { wget } from "./wget";
import { tnftp } from "./tnftp";
import { ncftp } from "./ncftp";
import { perl } from "./perl";
import { php } from "./php";
import { kio } from "./kio";
import { gvfs } from "./gvfs";
import { filezilla } from "./filezilla";
import { nodeFtp } from "./node-ftp";
import { iceteeFtp } from "./icetee-ftp";
import { rclone } from "./rclone";

/** Every client program, in the order in which they are listed. */
export const clients: readonly ClientDefinition[] = [
  basicFtp,
  basicFtp5,
  basicFtp4,
  curl,
  curl788,
  lftp,
  ftplib,
  wget,
  tnftp,
  ncftp,
  perl,
  php,
  kio,
  gvfs,
  filezilla,
  nodeFtp,
  iceteeFtp,
  rclone,
];
