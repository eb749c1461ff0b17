import { describe, expect, it } from "vitest";
import { errorInWords, oneOfEachName } from "./api";

describe("api: errors in words", () => {
  it.each([
    [422, { source_code: ["can't be blank"] }, "Source code can't be blank."],
    [
      422,
      { language_id: ["language with id 4 is archived and cannot be used anymore"], wall_time_limit: ["must be less than or equal to 20.0"] },
      "Language: language with id 4 is archived and cannot be used anymore. Wall time limit must be less than or equal to 20.0.",
    ],
    [503, { error: "queue is full" }, "The server is busy: queue is full. Try again in a moment."],
    [503, { error: "Judge0 is currently in maintenance." }, "The server is busy: Judge0 is currently in maintenance. Try again in a moment."],
    [503, null, "The server is busy. Try again in a moment."],
    [400, { status: 400, error: "Bad Request" }, "The server refused: Bad Request."],
    [401, null, "The server wants an authentication token, which this page has not got."],
    [413, null, "The program or its input is too large."],
    [500, null, "The server answered with HTTP 500."],
  ])("HTTP %i %j", (status, body, words) => {
    expect(errorInWords(status, body)).toBe(words);
  });
});

describe("api: languages", () => {
  it("offers a language once, whatever the number of its ids", () => {
    const list = [
      { id: 48, name: "C (GCC 12.2.0)" },
      { id: 49, name: "C (GCC 12.2.0)" },
      { id: 71, name: "Python (3.11.2)" },
    ];
    expect(oneOfEachName(list).map(({ id }) => id)).toEqual([48, 71]);
  });
});
