/** Runs in the client's container as `node basic-ftp-4.js`. */
import * as basicFtp from "basic-ftp-4";
import { version } from "basic-ftp-4/package.json";
import { runBasicFtp } from "./basic-ftp-script";

runBasicFtp({ ...basicFtp, version });
