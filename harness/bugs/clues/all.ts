import { addressClues } from "./addresses";
import { besideClue } from "./beside";
import { certificateWords } from "./certificates";
import { clientClues } from "./client-words";
import type { Clue } from "./clue";
import { deniedCommandClues } from "./denied-commands";
import { dialledClues } from "./dialled";
import { earlierClue } from "./earlier";
import { endingClues } from "./endings";
import { expectationClues } from "./expectations";
import { firewallClues } from "./firewalls";
import { forgottenClues } from "./forgotten";
import { longPacketClues } from "./long-packets";
import { machineClues } from "./machines";
import { otherPortClues } from "./other-port";
import { probeClues } from "./probes";
import { replyClues } from "./replies";
import { serverDataWords } from "./server-data-words";
import { serverDecisions } from "./server-decisions";
import { serverWords } from "./server-words";
import { severalServersClues } from "./several-servers";
import { tlsWords } from "./tls";
import { transferClues } from "./transfers";
import { twoEndsClues } from "./two-ends";

/** Everything that is known of what words and facts mean. */
export const clues: readonly Clue[] = [
  ...serverDecisions,
  serverWords,
  serverDataWords,
  ...deniedCommandClues,
  tlsWords,
  certificateWords,
  ...replyClues,
  ...clientClues,
  ...addressClues,
  ...dialledClues,
  ...firewallClues,
  ...machineClues,
  ...expectationClues,
  ...transferClues,
  ...forgottenClues,
  ...endingClues,
  ...longPacketClues,
  ...otherPortClues,
  ...severalServersClues,
  ...twoEndsClues,
  ...probeClues,
  besideClue,
  earlierClue,
];
