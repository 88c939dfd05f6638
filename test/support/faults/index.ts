import { networkFaults } from "./network";
import { pathFaults } from "./path";
import { serverFaults } from "./server";
import { decisionFaults } from "./server-decisions";
import type { Fault } from "./staging";

export type { Fault };

/** Working cells, each broken in one way. */
export const faults: readonly Fault[] = [...networkFaults, ...pathFaults, ...serverFaults, ...decisionFaults];
