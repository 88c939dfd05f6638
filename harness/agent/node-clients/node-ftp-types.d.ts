/** Both come without types of their own. */
declare module "ftp" {
  import type { NodeFtp } from "./node-ftp-script";
  const Client: new () => NodeFtp;
  export = Client;
}

declare module "@icetee/ftp" {
  import type { NodeFtp } from "./node-ftp-script";
  const Client: new () => NodeFtp;
  export = Client;
}
