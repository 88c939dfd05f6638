import { certificateKinds } from "../../../../harness/model/certificate-kind";
import { examine } from "../../../../harness/plan/predict/certificate";

/** Kinds of certificates at which a client stops, with the cause. */
function stops(client: Parameters<typeof examine>[1]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    certificateKinds.flatMap((kind) => {
      const flaw = examine(kind, client);
      return flaw?.stops === true ? [[kind, flaw.cause]] : [];
    }),
  );
}

describe("a client that meets a certificate", () => {
  it("stops at any flaw, if it checks chain and name", () => {
    expect(stops({})).toEqual({
      "unknown-ca": "certificate-untrusted",
      "self-signed": "certificate-untrusted",
      "other-name": "certificate-name-mismatch",
      expired: "certificate-expired",
      "ip-address": "certificate-name-mismatch",
    });
  });

  it("wants the address in it where it dials the address", () => {
    const stopped = stops({ dials: "address" });
    expect(stopped["ip-address"]).toBeUndefined();
    expect(stopped["trusted"]).toBe("certificate-name-mismatch");
    expect(stopped["other-name"]).toBe("certificate-name-mismatch");
  });

  it("does not mind the name, if it checks the chain alone", () => {
    expect(Object.keys(stops({ checks: "chain" }))).toEqual(["unknown-ca", "self-signed", "expired"]);
  });

  it("goes on with any, if it checks nothing, and what is wrong is still told", () => {
    expect(stops({ checks: "nothing" })).toEqual({});
    expect(examine("expired", { checks: "nothing" })?.reason).toBe("The server's certificate has expired.");
    expect(examine("trusted", {})).toBeNull();
  });
});
