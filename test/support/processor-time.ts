/** The processor time that some work takes, in ms: unlike a clock's, it does not grow with what else the machine does. */
export function processorMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
