import { connectEngine } from "../../harness/lab/engine";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import { catalog } from "../support/lab-run";

jest.setTimeout(60_000);

async function check(text: string, server = "tls-optional") {
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const { checkUserConfiguration } = await import("../../harness/lab/check-user-configuration.ts");
  const profile = { ...catalog.profiles.get(server)!, userConfig: { file: "my.conf", text } };
  return checkUserConfiguration(engine, { topology: catalog.topologies.get("direct")!, profile }, () => undefined);
}

test("a user's configuration is checked by ProFTPD itself, and what it refuses is told with its line", async () => {
  await expect(check("ServerName x\nTLSEngine on\nTLSOptions NoCertRequest\n")).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/^my\.conf:3: ProFTPD refuses it: .*unknown TLSOption 'NoCertRequest'/) as string,
  });
  await expect(check("ServerName x\nUser nobody\nTLSEngine on\n")).resolves.toEqual([{ line: 2, text: "User nobody" }]);
});

test("nothing of a configuration is read as shell", async () => {
  const text = "# $(exit 7) `exit 8`\n# 'END\nEND_OF_FILE_OF_THE_LAB\n";
  await expect(check(text)).rejects.toMatchObject({
    message: expect.stringContaining(
      "my.conf:3: ProFTPD refuses it: unknown configuration directive 'END_OF_FILE_OF_THE_LAB'",
    ) as string,
  });
});

test("vsftpd checks its own, and the line of the setting that it names is told", async () => {
  await expect(check("listen=YES\nanonymous_enable=NO\nfoo_bar=YES\n", "vsftpd")).rejects.toMatchObject({
    exitCode: 2,
    message: "my.conf:3: vsftpd refuses it: unrecognised variable in config file: foo_bar",
  });
  await expect(check("listen=YES\nwrite_enable=YES\n", "vsftpd")).resolves.toEqual([{ line: 1, text: "listen=YES" }]);
});
