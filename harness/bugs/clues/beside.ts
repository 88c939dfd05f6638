/** What else works or fails from the same place, as the log's other sessions show it or as somebody says. */
import { hidesCommands, isPassive, traitsOf } from "../../model/axes";
import type { OtherSession } from "../match/known-traits";
import type { Clue, Reading, Votes } from "./clue";
import type { Scene } from "./scene";

export const besideClue: Clue = (scene) =>
  scene.others.flatMap((other): readonly Reading[] => {
    const votes = votesOf(scene, other);
    if (votes === null) return [];
    const lines = other.line === undefined ? [] : [{ line: other.line, text: "" }];
    return [{ meaning: `another attempt ${other.worked ? "works" : "fails"} from the same place`, lines, votes }];
  });

function votesOf(scene: Scene, { mode, data, inside, worked }: OtherSession): Votes | null {
  if (scene.stage !== "data-connect" || inside || !worked || scene.passive === null) return null;
  const passive = data === null ? null : isPassive(data);
  if (passive !== null && passive !== scene.passive) {
    return passive
      ? { "active-connection-blocked": "speaks", "client-host-firewall": "allows" }
      : {
          "passive-port-not-forwarded": "speaks",
          "server-host-firewall": "speaks",
          "active-connection-blocked": "denies",
        };
  }
  const isHidden = mode === null ? null : hidesCommands(traitsOf(mode));
  if (scene.isHidden === true && isHidden === false) {
    return {
      "helper-blind-to-tls": "hints",
      "passive-port-not-forwarded": "denies",
      "server-host-firewall": "denies",
      "no-helper": "denies",
    };
  }
  // EPSV and EPRT came later than PASV and PORT (RFC 2428): what follows FTP on the way may know the elder ones alone.
  const isYounger = scene.symptom.data === "epsv" || scene.symptom.data === "eprt";
  if (isYounger && scene.isHidden === false && isHidden === false && (data === "pasv" || data === "port"))
    return { "helper-does-not-know-line": "hints", "passive-port-not-forwarded": "denies", "no-helper": "denies" };
  if (scene.isHidden !== isHidden || passive === null) return null;
  return {
    "passive-port-not-forwarded": "denies",
    "server-host-firewall": "denies",
    "no-helper": "denies",
    "helper-blind-to-tls": "denies",
  };
}
