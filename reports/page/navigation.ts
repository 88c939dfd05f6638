import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { PageState } from "./state";
import { firstState } from "./state";

/** Goes to another state; `replace` leaves no step for the browser's way back. */
export type Navigate = (change: Partial<PageState>, replace?: boolean) => void;

/** Where the page is and how it goes on; in the static part nothing moves. */
export const Navigation = createContext<{ readonly state: PageState; readonly go: Navigate }>({
  state: firstState,
  go: () => undefined,
});

export function useNavigation() {
  return useContext(Navigation);
}
