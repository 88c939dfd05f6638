import type { Page } from "playwright-core";

/** Types a filter and waits for the next picture. */
export async function showFiltered(page: Page, query: string): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const input = document.querySelector("#filter");
    input.value = ${JSON.stringify(query)};
    input.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => setTimeout(resolve));
  })`);
}
