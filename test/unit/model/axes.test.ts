import {
  controlPortOf,
  dataCommands,
  dataCommandsOf,
  isPassive,
  modes,
  stages,
  traitsOf,
} from "../../../harness/model/axes";

describe("a mode's steps", () => {
  // prettier-ignore
  it.each([
    //                      TLS         PROT  CCC         port
    ["ftp",                 "none",     null, "none",     21],
    ["ftps",                "explicit", "P",  "none",     21],
    ["ftps-clear-data",     "explicit", "C",  "none",     21],
    ["ftps-implicit",       "implicit", "P",  "none",     990],
    ["ftps-ccc",            "explicit", "P",  "primed",   21],
    ["ftps-ccc-clear-data", "explicit", "C",  "primed",   21],
    ["ftps-ccc-unprimed",   "explicit", "P",  "unprimed", 21],
  ] as const)("are those of the contract: %s", (mode, tls, protection, ccc, port) => {
    expect(traitsOf(mode)).toEqual({ tls, protection, ccc });
    expect(controlPortOf(mode)).toBe(port);
  });

  it("are known for every mode", () => {
    expect(modes).toHaveLength(7);
  });
});

describe("data commands", () => {
  it("are all four over IPv4, and EPSV and EPRT over IPv6 (RFC 2428)", () => {
    expect(dataCommandsOf("ipv4")).toEqual(["pasv", "epsv", "port", "eprt"]);
    expect(dataCommandsOf("ipv6")).toEqual(["epsv", "eprt"]);
  });

  it("are passive where the client opens the data connection", () => {
    expect(dataCommands.filter(isPassive)).toEqual(["pasv", "epsv"]);
  });
});

it("the stages are those of the contract, in order", () => {
  expect(stages.join(" ")).toBe(
    "control-connect greeting auth-tls certificate login protection ccc data-command data-connect data-tls transfer completion integrity",
  );
});
