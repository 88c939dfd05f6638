/** Runs in the client's container as `node icetee-ftp.js`. */
import Client from "@icetee/ftp";
import { version } from "@icetee/ftp/package.json";
import { runNodeFtp } from "./node-ftp-script";

runNodeFtp({ name: "icetee-ftp", version, Client });
