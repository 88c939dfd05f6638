import { join } from "node:path";
import { staleFiles } from "../../../harness/tools/generated-files";

it("the generated files are what `npm run generate` writes", () => {
  expect(staleFiles(join(__dirname, "../../.."))).toEqual([]);
});
