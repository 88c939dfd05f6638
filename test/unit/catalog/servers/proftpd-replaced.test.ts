import { replacedInProftpdConf } from "../../../../harness/catalog/servers/proftpd-replaced";

const configuration = `LoadModule mod_tls.c
MaxClients 1
<Global>
  MaxClientsPerHost 2
</Global>
<Limit STOR>
  DenyAll
</Limit>
<Limit LOGIN>
  Order deny,allow
  Deny from all
</Limit>
`;

test("of a directive the first outside of blocks goes, since it would hold", () => {
  const lines = ["MaxClients none", "MaxClientsPerHost none"];
  expect(replacedInProftpdConf(lines, configuration)).toEqual(["MaxClients 1"]);
});

test("what may stand several times, or says the same, stays", () => {
  expect(replacedInProftpdConf(["LoadModule mod_sftp.c", "MaxClients 1"], configuration)).toEqual([]);
});

test("a block for logins goes as a whole, since each may deny", () => {
  expect(replacedInProftpdConf(["<Limit LOGIN>", "  AllowAll", "</Limit>"], configuration)).toEqual([
    "<Limit LOGIN>",
    "Order deny,allow",
    "Deny from all",
    "</Limit>",
  ]);
  expect(replacedInProftpdConf(["<Limit STOR>", "  AllowAll", "</Limit>"], configuration)).toEqual([]);
});
