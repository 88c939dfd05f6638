/** Runs in the client's container as `node node-ftp.js`. */
import Client from "ftp";
import { version } from "ftp/package.json";
import { runNodeFtp } from "./node-ftp-script";

runNodeFtp({ name: "node-ftp", version, Client });
