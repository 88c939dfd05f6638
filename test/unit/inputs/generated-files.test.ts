import { join } from "node:path";
import { staleFiles } from "../../../harness/generate";

it("the generated files are what `npm run generate` writes", async () => {
  expect(await staleFiles(join(__dirname, "../../.."))).toEqual([]);
});
