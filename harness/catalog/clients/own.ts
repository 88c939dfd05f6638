/** Clients that are a user's own program; what it does is the user's matter. */
import type { ClientDefinition } from "./definition";
import { ownImage, ownImageIn } from "./own-image";
import { isOwnScript, ownScript } from "./own-script";

/** Whether a client id is of a user's own program. */
export function isOwnClient(id: string): boolean {
  return isOwnScript(id) || ownImageIn(id) !== null;
}

/** The user's own program that an id names; `null` if it names none. */
export function ownClient(id: string): ClientDefinition | null {
  return isOwnScript(id) ? ownScript(id) : ownImage(id);
}
