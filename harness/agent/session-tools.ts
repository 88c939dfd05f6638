import type { TlsSettings } from "./tls-settings";
/** What a session borrows from the agent. */
export type SessionTools = {
  readonly tls: TlsSettings;
  /** Called at most once, when the session waits for the network. */
  readonly onWaiting: () => void;
};
