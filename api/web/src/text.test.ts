import { describe, expect, it } from "vitest";
import { submissionAt } from "./test_gateway";
import { decodeBase64, kibText, secondsText, textsOf } from "./text";

describe("text", () => {
  it("decodes base64 as UTF-8, wrapped lines and all", () => {
    expect(decodeBase64("Z3LDvMOf\nZQo=\n")).toBe("grüße\n");
  });

  it("shows a replacement for bytes that are no UTF-8, and leaves alone what is no base64", () => {
    expect(decodeBase64("/0FC")).toBe("\uFFFDAB");
    expect(decodeBase64("not base64!")).toBe("not base64!");
  });

  it("decodes the texts of a submission only when it says that they are encoded", () => {
    const submission = { ...submissionAt("finished"), stdout: "aGk=" };
    expect(textsOf(submission).stdout).toBe("aGk=");
    expect(textsOf({ ...submission, base64_encoded: true })).toEqual({ stdout: "hi", stderr: "", compileOutput: "", message: "" });
  });

  it("writes times and sizes in units a person reads", () => {
    expect([secondsText("0.045"), secondsText("0.0"), secondsText("1.5"), secondsText(12.345)]).toEqual(["45 ms", "0 ms", "1.5 s", "12.35 s"]);
    expect([kibText(376), kibText(20480), kibText(1536)]).toEqual(["376 KiB", "20 MiB", "1.5 MiB"]);
  });
});
