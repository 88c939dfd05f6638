/** The lab's account as a user of the system, for servers that ask the system. */
import { account, siteRoot } from "../../model/ftp-site";
import type { ServerFile } from "./definition";

const path = "/etc/ftp-lab/accounts";

/** Lines of passwd(5), with the password's hash in its old place. */
export const accountsFile: ServerFile = {
  path,
  mode: "600",
  text: Array.from({ length: account.users }, (_, slot) => {
    const { userPrefix, passwordHash, uid, gid } = account;
    return `${userPrefix}${slot}:${passwordHash}:${uid}:${gid}::${siteRoot}:/bin/sh\n`;
  }).join(""),
};

/** Makes them known, once. */
export const addAccounts: readonly string[] = [
  `grep -q '^${account.userPrefix}0:' /etc/passwd || cat ${path} >> /etc/passwd`,
];
