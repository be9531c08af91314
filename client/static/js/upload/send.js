// Sends a picture to be read, tells how much of it has been sent, and can be stopped.

import { ApiError, toError } from "../api.js";
import { t } from "../parts/messages.js";

/** @typedef {import("../../../types/api").Uploaded} Uploaded */

/**
 * @param {FormData} form
 * @param {{ onProgress: (share: number) => void, signal: AbortSignal }} options
 * @returns {Promise<Uploaded>} never settles once it is stopped
 */
export function sendPicture(form, { onProgress, signal }) {
  // fetch does not tell how much has been sent.
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.open("POST", "/api/upload");
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    request.addEventListener("load", () => {
      const { status, response } = request;
      if (status >= 200 && status < 300 && response !== null) resolve(response);
      else reject(toError(response, status));
    });
    request.addEventListener("error", () => reject(new ApiError("offline", t("errors.offline"), 0)));
    signal.addEventListener("abort", () => request.abort());
    if (!signal.aborted) request.send(form);
  });
}
