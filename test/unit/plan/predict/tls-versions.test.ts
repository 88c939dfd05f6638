import { agreedVersion } from "../../../../harness/plan/predict/tls-versions";

describe("the version of TLS that server and client agree on", () => {
  it.each([
    ["TLSv1.2 TLSv1.3", ["tls1.2", "tls1.3"], "tls1.3"],
    ["TLSv1.2", ["tls1.2", "tls1.3"], "tls1.2"],
    ["SSLv23", ["tls1.2"], "tls1.2"],
    ["ALL -TLSv1.3", ["tls1.2", "tls1.3"], "tls1.2"],
    ["TLSv1.3", ["tls1.2"], null],
    ["TLSv1 TLSv1.1", ["tls1.2", "tls1.3"], null],
  ] as const)("is, with TLSProtocol %s and a client of %j, %s", (protocol, offered, agreed) => {
    expect(agreedVersion(protocol, offered)).toBe(agreed);
  });
});
