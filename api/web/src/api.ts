// The three calls of the REST API that the page makes, and its errors in words.

import type { Position } from "./messages";

export interface Language {
  id: number;
  name: string;
}

export interface Receipt extends Position {
  token: string;
  channel: string;
}

export interface SubmissionRequest {
  source_code: string;
  language_id: number;
  stdin: string;
}

/** An error whose message is fit to be shown. */
export class ApiError extends Error {}

export async function getLanguages(): Promise<Language[]> {
  return (await request("/languages")) as Language[];
}

/** One language may stand in the list under several ids, for clients that know it by an older one. */
export function oneOfEachName(languages: Language[]): Language[] {
  const seen = new Set<string>();
  return languages.filter(({ name }) => !seen.has(name) && seen.add(name));
}

export async function postSubmission(submission: SubmissionRequest): Promise<Receipt> {
  const body = (await request("/submissions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(submission),
  })) as Partial<Receipt>;
  const { token, channel, epoch, seq } = body;
  if (typeof token !== "string") throw new ApiError("The server took the submission but gave no token.");
  return { token, channel: channel ?? `submission:${token}`, epoch: epoch ?? "", seq: seq ?? 0 };
}

async function request(path: string, init?: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers: { Accept: "application/json", ...init?.headers } });
  } catch {
    throw new ApiError("The server cannot be reached. Check the connection and try again.");
  }
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = null;
  }
  if (!response.ok) throw new ApiError(errorInWords(response.status, body));
  if (body === null) throw new ApiError("The server answered with something that is not JSON.");
  return body;
}

/**
 * 422 carries {attribute: [message, ...]}; the others {"error": text}, or nothing at all.
 *
 *   422 {"source_code":["can't be blank"]}  ->  Source code can't be blank.
 *   503 {"error":"queue is full"}           ->  The server is busy: queue is full. Try again in a moment.
 */
export function errorInWords(status: number, body: unknown): string {
  const fields = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const error = typeof fields.error === "string" ? fields.error.replace(/\.$/, "") : "";

  if (status === 422 && !error) {
    const sentences = Object.entries(fields).flatMap(([attribute, messages]) =>
      (Array.isArray(messages) ? messages : [messages]).map((message) => `${attributeInWords(attribute)} ${String(message)}.`),
    );
    if (sentences.length > 0) return sentences.join(" ");
  }
  switch (status) {
    case 401:
      return "The server wants an authentication token, which this page has not got.";
    case 403:
      return "The server does not allow this.";
    case 413:
      return "The program or its input is too large.";
    case 429:
      return "Too many submissions. Wait a moment and try again.";
    case 503:
      return `The server is busy${error && `: ${error}`}. Try again in a moment.`;
    default:
      return error ? `The server refused: ${error}.` : `The server answered with HTTP ${status}.`;
  }
}

function attributeInWords(attribute: string): string {
  // "language_id language with id 4 is archived" would say it twice.
  if (attribute === "language_id") return "Language:";
  const words = attribute.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
