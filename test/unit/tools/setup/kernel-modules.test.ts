import { moduleState, type KernelEvidence } from "../../../../harness/tools/setup/kernel-modules";

const silent: KernelEvidence = { loaded: null, config: null, builtIn: null, dependencies: null, symbols: null };

function natState(evidence: Partial<KernelEvidence>): string {
  return moduleState("nf_nat_ftp", { ...silent, ...evidence });
}

describe("finding out whether the kernel has a module", () => {
  it("believes /proc/modules, by the whole name", () => {
    expect(natState({ loaded: "nf_nat_ftp 16384 0 - Live 0x0\n", config: "CONFIG_NF_NAT_FTP=m" })).toBe("loaded");
    expect(natState({ loaded: "nf_nat_ftp_other 16384 0 - Live 0x0\n" })).toBe("unknown");
    expect(natState({ loaded: "nf_nat 57344 1 nf_nat_ftp, Live 0x0\n" })).toBe("unknown");
  });

  it("knows built-in code from the configuration, from modules.builtin, or from its symbol", () => {
    expect(natState({ config: "CONFIG_NF_NAT=y\nCONFIG_NF_NAT_FTP=y\n" })).toBe("built-in");
    expect(natState({ builtIn: "kernel/net/netfilter/nf_nat_ftp.ko\n" })).toBe("built-in");
    expect(natState({ symbols: "ffffffff81f5f250 t nf_nat_ftp\n" })).toBe("built-in");
  });

  it("takes another module's symbol for nothing", () => {
    expect(natState({ symbols: "ffffffff81f5f250 t nf_nat_ftp_hook\n" })).toBe("unknown");
  });

  it("calls a module on disk loadable, compressed or not", () => {
    const dependencies = "kernel/net/netfilter/nf_nat_ftp.ko.xz: kernel/net/netfilter/nf_nat.ko.xz\n";
    expect(natState({ dependencies, config: "CONFIG_NF_NAT_FTP=m\n" })).toBe("loadable");
  });

  it("calls it missing when the configuration, or the list of modules, lacks it", () => {
    expect(natState({ config: "CONFIG_NF_NAT=y\n# CONFIG_NF_NAT_FTP is not set\n" })).toBe("missing");
    expect(natState({ config: "CONFIG_NF_NAT_FTP=m\n", dependencies: "kernel/fs/ext4/ext4.ko:\n" })).toBe("missing");
  });

  it("guesses nothing when the kernel shows nothing", () => {
    expect(natState({})).toBe("unknown");
  });
});
