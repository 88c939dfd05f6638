import { sshArguments } from "../../../harness/lab/ssh-tunnel";

/** The arguments but the options that are always the same. */
function told(address: string): readonly string[] {
  const words = sshArguments(address, "/near.sock");
  return words.slice(words.indexOf("-L"));
}

describe("the tunnel to an engine behind ssh", () => {
  it("leads to the usual socket, and leaves to ssh's configuration what the address does not say", () => {
    expect(told("ssh://lab")).toEqual(["-L", "/near.sock:/var/run/docker.sock", "--", "lab", "cat"]);
  });

  it("takes user, port and path from the address", () => {
    const address = "ssh://ann%40example@[2001:db8::1]:2222/run/user/1000/docker.sock";
    const where = ["-p", "2222", "-l", "ann@example", "--", "2001:db8::1", "cat"];
    expect(told(address)).toEqual(["-L", "/near.sock:/run/user/1000/docker.sock", ...where]);
  });

  it("takes a host that looks like an option for a host", () => {
    expect(told("ssh://-oProxyCommand")).toEqual([
      "-L",
      "/near.sock:/var/run/docker.sock",
      "--",
      "-oProxyCommand",
      "cat",
    ]);
  });
});
