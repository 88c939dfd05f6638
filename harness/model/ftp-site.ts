/** The FTP site that every lab serves: names, account and folders. Data, so that tests, agent and server agree. */

/** The name that clients dial and the certificate carries (RFC 2606 reserves it). */
export const siteName = "ftp.example.net";

/** MD5-crypt on purpose: the distribution's yescrypt would cost 20 ms of CPU a login, for an account with no secrets. */
export const account = {
  /**
   * Followed by a number: each session in flight has a name of its own, by which the lines of the server's logs are assigned to sessions.
   */
  userPrefix: "lab",
  /** As many sessions can be told apart at the same time. */
  users: 512,
  password: "lab-password",
  passwordHash: "$1$labsalt1$kyI87jStYjvcOdu4Yd5811",
  uid: 1000,
  gid: 1000,
} as const;

/** The account's home on the server's disk; FTP paths start there (DefaultRoot). */
export const siteRoot = "/srv/ftp/lab";

/** Folders under the root, one for each operation. */
export const folders = { list: "/list", download: "/download", upload: "/upload" } as const;

/** Sizes of transferred files in bytes: empty, one byte, and more than a TLS record (2¹⁴) and a first window (ten segments, RFC 6928). */
export const fileSizes = [0, 1, 32768] as const;

/** The CA that programs on the client's host are told to trust. */
export const clientCaPath = "/etc/ftp-nat-matrix-ca.pem";

/** Where a package from npm lies on the client's host, if the image is of one of its versions. */
export function npmPath(name: string): string {
  return `/opt/npm/${name}`;
}

/** The Node that a script of a client runs on, if its image has one of its own. */
export const ownNodePath = "/opt/npm/node/bin/node";

/** The folder with all that the lab puts into a user's own image, beside the programs that it runs there. */
const foreignFolder = "/opt/ftp-nat-matrix";

/** The programs that the lab runs in a user's own image; they come first in its PATH, except for the user's program. */
export const foreignTools = `${foreignFolder}/bin`;

/** Holds the id of the user's own image. */
export const foreignImageFile = `${foreignFolder}/image`;

/** Where the script of a client that is one for a library of Node's lies on the client's host. */
export function nodeClientPath(id: string): string {
  return `/opt/ftp-nat-matrix/${id}.js`;
}
