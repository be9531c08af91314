// Sends a picture to be read, tells how much of it has been sent, and can be stopped.

import { ApiError, toError } from "../api.js";
import { t } from "../parts/messages.js";

/** @typedef {import("../../../types/api").Uploaded} Uploaded */

/**
 * @param {Record<string, Blob | string>} fields of the form
 * @param {{ onProgress: (share: number) => void, signal: AbortSignal }} options
 * @returns {Promise<Uploaded>}
 * @throws {ApiError} with `retryAfter` in seconds, if the server said when to come back
 */
export function sendPicture(fields, { onProgress, signal }) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // fetch does not tell how much has been sent.
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.open("POST", "/api/upload");
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    request.addEventListener("load", () => {
      const { status, response } = request;
      if (status >= 200 && status < 300 && response !== null) resolve(response);
      else {
        const retryAfter = Number(request.getResponseHeader("Retry-After")) || null;
        reject(Object.assign(toError(response, status), { retryAfter }));
      }
    });
    request.addEventListener("error", () => reject(new ApiError("offline", t("errors.offline"), 0)));
    request.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    signal.addEventListener("abort", () => request.abort());
    if (signal.aborted) reject(new DOMException("", "AbortError"));
    else request.send(form);
  });
}
