/** Clients that are a user's own program; what it does is the user's matter. */
import type { ClientDefinition } from "./definition";
import { ownImage, ownImageIn } from "./user-image";
import { isOwnScript, ownScript } from "./user-script";
import { scriptedClient } from "./scripted";

/** Whether a client id is of a user's own program. */
export function isOwnClient(id: string): boolean {
  return id === scriptedClient.id || isOwnScript(id) || ownImageIn(id) !== null;
}

/** The user's own program that an id names; `null` if it names none. */
export function ownClient(id: string): ClientDefinition | null {
  if (id === scriptedClient.id) return scriptedClient;
  return isOwnScript(id) ? ownScript(id) : ownImage(id);
}
