import { connectEngine } from "../../harness/lab/engine";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import {
  patchedVsftpd,
  refusedByProftpd,
  refusedByVsftpd,
  takenByProftpd,
  takenByVsftpd,
} from "../support/refused-configurations";
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
  await expect(check("ServerName x\nUser nobody\nTLSEngine on\n")).resolves.toEqual([
    { line: 2, text: "User nobody", kind: "replaced" },
  ]);
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
  await expect(check("listen=YES\nwrite_enable=YES\n", "vsftpd")).resolves.toEqual([
    { line: 1, text: "listen=YES", kind: "replaced" },
  ]);
});

test("a file with settings of other distributions, or of modules that the lab lacks, is taken without them", async () => {
  for (const [text] of patchedVsftpd) await expect(check(`listen=YES\n${text}\n`, "vsftpd")).resolves.toHaveLength(2);
  const absent =
    "SFTPEngine off\nSQLBackend mysql\nDelayEngine off\n<IfUser bob>\nUmask 077\n</IfUser>\nBanEngine on\n";
  await expect(check(`ServerName x\n${absent}`)).resolves.toHaveLength(7);
});

test("what the lint calls refused, the servers refuse, and take what it has nothing against", async () => {
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const { imagesOf } = await import("../../harness/lab/site-images.ts");
  const { startNode, removeNode } = await import("../../harness/lab/node-container.ts");
  const { NodeShell } = await import("../../harness/lab/node-shell.ts");
  const { makeLabels } = await import("../../harness/lab/labels.ts");
  const images = await imagesOf(engine, ["server", "server-vsftpd"], () => undefined);
  const cases = [
    {
      image: "server",
      texts: [...refusedByProftpd.map(([text]) => text), takenByProftpd],
      // The address is what it takes for its own: there is no name server to ask.
      before: "LoadModule mod_ls.c\nLoadModule mod_xfer.c\nLoadModule mod_tls.c\nDefaultAddress 127.0.0.1\n",
      check: "proftpd -t -c /tmp/check.conf",
      refusal: /\bfatal:/,
    },
    {
      image: "server-vsftpd",
      texts: [...[...refusedByVsftpd, ...patchedVsftpd].map(([text]) => text), takenByVsftpd],
      before: "",
      // It says that it is no inetd's once it has read all.
      check: "vsftpd /tmp/check.conf -olisten=NO -olisten_ipv6=NO 0>&1",
      refusal: /OOPS: (?!vsftpd: not configured for standalone)/,
    },
  ] as const;
  for (const { image, texts, before, check, refusal } of cases) {
    const name = `lint-${image}-${process.pid}`;
    const node = await startNode(engine, {
      name: `ftp-nat-matrix-${name}`,
      image: images[image],
      labels: makeLabels({ run: name, role: "server" }),
      capabilities: [],
      sysctls: {},
      hosts: [],
      panel: false,
    });
    const shell = await NodeShell.open(engine, node.containerId, name);
    try {
      const script = texts.flatMap((text) => [
        `base64 -d > /tmp/check.conf <<< ${Buffer.from(`${before}${text}\n`).toString("base64")}`,
        `(${check}) 2>&1 | tr -d '\\r' | tr '\\n' ' '; echo`,
      ]);
      const said = (await shell.run("server", script.join("\n"))).trimEnd().split("\n");
      expect(said).toHaveLength(texts.length);
      expect(texts.filter((_, index) => !refusal.test(said[index] ?? ""))).toEqual(texts.slice(-1));
    } finally {
      shell.close();
      await removeNode(engine, node);
    }
  }
});
