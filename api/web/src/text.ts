// The texts of a submission as a person may read them. Pure.

import type { Submission } from "./messages";

/**
 * Decodes base64 as UTF-8. Bytes that are no UTF-8 become U+FFFD, so that whatever a program wrote can be shown; what
 * is not base64 at all is shown as it came.
 */
export function decodeBase64(text: string): string {
  let binary: string;
  try {
    binary = atob(text.replace(/\s/g, ""));
  } catch {
    return text;
  }
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

export interface Texts {
  stdout: string;
  stderr: string;
  compileOutput: string;
  message: string;
}

export function textsOf(submission: Submission): Texts {
  const read = (text: string | null | undefined) => {
    if (!text) return "";
    return submission.base64_encoded ? decodeBase64(text) : text;
  };
  return {
    stdout: read(submission.stdout),
    stderr: read(submission.stderr),
    compileOutput: read(submission.compile_output),
    message: read(submission.message),
  };
}

/** "0.045" -> "45 ms", "1.5" -> "1.5 s". */
export function secondsText(seconds: string | number): string {
  const value = Number(seconds);
  if (!Number.isFinite(value)) return String(seconds);
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  return `${Number(value.toFixed(2))} s`;
}

/** 376 -> "376 KiB", 20480 -> "20 MiB". */
export function kibText(kib: number): string {
  return kib < 1024 ? `${kib} KiB` : `${Number((kib / 1024).toFixed(1))} MiB`;
}
