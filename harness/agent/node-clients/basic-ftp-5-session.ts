/** Runs in the client's container as `node basic-ftp-5.js`. */
import * as basicFtp from "basic-ftp-5";
import { version } from "basic-ftp-5/package.json";
import { runBasicFtp } from "./basic-ftp-script";

runBasicFtp({ ...basicFtp, version });
