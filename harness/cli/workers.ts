import { availableParallelism } from "node:os";

/** Sessions that may work at once: enough to keep every core busy while others wait for the network. */
export const defaultWorkers = availableParallelism() * 12;
