import { FileInfo, FileType } from "basic-ftp";
import { listingDifference } from "../../../harness/agent/operation";

function entry(name: string, size: number, type = FileType.File): FileInfo {
  return Object.assign(new FileInfo(name), { size, type });
}

test("a right listing has no difference, whatever its order and with the folder itself in it", () => {
  const listed = [entry(".", 0, FileType.Directory), entry("b", 1), entry("a", 0), entry("..", 0, FileType.Directory)];
  const wanted = [
    { name: "a", size: 0 },
    { name: "b", size: 1 },
  ];
  expect(listingDifference(wanted, listed)).toBeNull();
});

test("says all that differs", () => {
  const listed = [entry("short", 1), entry("extra", 1), entry("folder", 4, FileType.Directory)];
  const wanted = ["missing", "short", "folder"].map((name) => ({ name, size: 4 }));
  expect(listingDifference(wanted, listed)).toBe(
    "missing is not listed; short is listed with 1 bytes instead of 4; folder is listed as a folder; " +
      "extra is listed and should not be there",
  );
});
